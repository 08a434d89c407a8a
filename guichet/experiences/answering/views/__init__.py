"""The agents' pages of stories."""
