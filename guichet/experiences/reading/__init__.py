"""Reading: list and search, one story, figures of a place, feeds, open data, import."""
