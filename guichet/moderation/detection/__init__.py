"""Personal data in French texts: by patterns at once, by a language model in the worker."""
