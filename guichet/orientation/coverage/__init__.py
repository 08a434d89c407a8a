"""Who lives near a kind of place: calculation, stored measures, pages and files."""
