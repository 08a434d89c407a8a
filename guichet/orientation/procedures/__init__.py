"""The sheets of service-public.fr: read, led to kinds of places, imported."""
