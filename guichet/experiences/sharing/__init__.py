"""Sharing a story: the steps, the confirmation, the code, what an agent enters for somebody."""
