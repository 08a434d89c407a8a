"""Files as networks' data people produce them, right and wrong, with what must become of them."""
