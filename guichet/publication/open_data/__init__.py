"""Open data: tables that the apps registered, files of releases, their descriptions."""
