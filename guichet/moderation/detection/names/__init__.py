"""Names of people in French texts, from several clues."""
