"""The pages of sharing: they call `actions`, and refuse to hold a rule."""
