"""The moderators' queue: what waits, one text at a time, what was decided."""
