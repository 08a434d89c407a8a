"""The lines of a whole part at once, over arrays: the same text as one cell at a time.

Owns floats whose error is bounded; refuses to guess: whatever lies too near to a tie or to a limit
is settled by the exact functions of `formulas` and `intervals`.
"""
