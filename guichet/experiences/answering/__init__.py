"""The agents' side: inbox, passing on, answers and promises, clocks and reminders."""
