"""The quality of an answer's text: boilerplate, readability, what it leaves out. Plain Python."""
