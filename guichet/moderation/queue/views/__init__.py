"""The moderators' pages: they call `actions`, and refuse to hold a rule."""
