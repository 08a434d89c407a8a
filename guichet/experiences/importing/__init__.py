"""Stories taken over from the official export of another platform, or from our own."""
