"""The PostgreSQL server that Guichet starts for itself when it is given none.

Owns its binaries, its files, its start and its stop. Refuses to open any network port.
"""

from guichet.core.postgres.binaries import find_binaries
from guichet.core.postgres.failures import LauncherError
from guichet.core.postgres.sharing import embedded_postgres

__all__ = ["LauncherError", "embedded_postgres", "find_binaries"]
