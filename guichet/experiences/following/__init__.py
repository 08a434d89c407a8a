"""After the publication: the author's page and mails, visitors' gestures, subscriptions."""
