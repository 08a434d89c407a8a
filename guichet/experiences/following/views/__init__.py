"""The author's page; gestures, reports, subscriptions."""
