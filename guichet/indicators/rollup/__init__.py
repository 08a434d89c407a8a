"""Roll-up: from the accepted rows of batches to public base rows and published rows."""
