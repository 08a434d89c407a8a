"""The programme team's pages: needs, synonyms, missed searches; writes are in `actions`."""
