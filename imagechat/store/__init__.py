"""Where everything is kept: rows in SQLite, files in a folder, found again by owner, page and word."""
