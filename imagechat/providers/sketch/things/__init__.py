"""Things that stand, sail or fly in a scene."""
