"""`guichet` and `python -m guichet`: Django's commands, with a PostgreSQL of their own if needed.

Owns the choice of the database before Django starts; refuses nothing else.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

COMMANDS_WITHOUT_DATABASE = {
    "help",
    "--help",
    "-h",
    "--version",
    "collectstatic",
    "compilemessages",
}


def main(arguments: list[str] | None = None) -> None:
    """Run one command; exit status 1 with a French sentence when the database cannot start."""
    arguments = sys.argv if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.settings")
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in COMMANDS_WITHOUT_DATABASE or os.environ.get("GUICHET_DATABASE_URL"):
        execute(arguments)
        return

    from guichet.core.postgres import LauncherError, embedded_postgres

    home = Path(os.environ.get("GUICHET_HOME") or "var").resolve()
    try:
        with embedded_postgres(home) as url:
            os.environ["GUICHET_DATABASE_URL"] = url
            execute(arguments)
    except LauncherError as error:
        sys.exit(f"La base de données n'a pas pu démarrer.\n{error}")


def execute(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
