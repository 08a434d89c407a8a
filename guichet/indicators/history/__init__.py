"""Results published before this platform, taken over as declared values."""
