"""The telephone desk: its screens and its figures; its writes are in `actions.calls`."""
