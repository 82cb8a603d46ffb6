"""The ground under the sky: a room for each kind of land and water."""
