"""How an edition is made: its files, its manifest, its figures, its tables, its verification."""
