"""Running the platform: serving it, saving it, knowing how it is.

Owns child processes, backups and health. Imports nothing here: the processes that run without
Django load their part alone.
"""
