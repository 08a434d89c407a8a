"""How an answer reads: stock phrases, ease, subjects left aside. Plain Python, light to import."""
