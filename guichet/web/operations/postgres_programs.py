"""PostgreSQL's own programs for backup and restore, at a version that fits the server.

Owns the search for them and the way they reach our database. Refuses a version that the server
would not understand.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

from guichet.core.errors import RuleViolation
from guichet.core.postgres.binaries import MACHINE_FOLDER, WHEEL

PROGRAMS = ("pg_dump", "pg_restore", "psql")


@dataclass(frozen=True)
class Programs:
    """A folder that holds the three programs, and their major version."""

    folder: Path
    major: int

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        return [str(self.folder / program), *(str(argument) for argument in arguments)]


def server_major() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.server_version // 10_000)


def programs_from(lowest: int, *, wanted: int) -> Programs:
    """Those of version `wanted`, else the nearest from `lowest` up; `RuleViolation` if none."""
    found = list(installed_programs())
    fitting = [programs for programs in found if lowest <= programs.major]
    if fitting:
        return min(fitting, key=lambda programs: abs(programs.major - wanted))
    versions = ", ".join(sorted({str(programs.major) for programs in found})) or "aucune"
    raise RuleViolation(
        f"Il faut les programmes pg_dump, pg_restore et psql de PostgreSQL {wanted} (versions "
        f"trouvées sur cette machine : {versions}). Installez le paquet "
        f"« postgresql-client-{wanted} », ou indiquez leur dossier avec GUICHET_POSTGRES_BIN."
    )


def installed_programs() -> Iterator[Programs]:
    seen: set[Path] = set()
    for folder in candidate_folders():
        if folder in seen or not all((folder / name).is_file() for name in PROGRAMS):
            continue
        seen.add(folder)
        major = major_of(folder)
        if major:
            yield Programs(folder, major)


def candidate_folders() -> Iterator[Path]:
    imposed = os.environ.get("GUICHET_POSTGRES_BIN")
    if imposed:
        yield Path(imposed).absolute()
    yield from sorted(MACHINE_FOLDER.glob("*/bin"), reverse=True)
    wheel = wheel_folder()
    if wheel:
        yield wheel
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path).resolve().parent


def wheel_folder() -> Path | None:
    """Found without importing the package, whose own Python does more than we want."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).absolute() / "pginstall" / "bin"


def major_of(folder: Path) -> int:
    """0 when the program does not run on this machine."""
    try:
        outcome = subprocess.run(
            [folder / "pg_dump", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    version = re.search(r"PostgreSQL\) (\d+)", outcome.stdout)
    return int(version[1]) if outcome.returncode == 0 and version else 0


def connection_string() -> str:
    """Where our database is, in libpq's words, without the password.

    Only what the settings say: an open connection lists parameters that older programs refuse.
    """
    values = connection.settings_dict
    named = {
        "dbname": values["NAME"],
        "user": values["USER"],
        "host": values["HOST"],
        "port": str(values["PORT"]),
        **{name: value for name, value in values["OPTIONS"].items() if isinstance(value, str)},
    }
    return make_conninfo(**{name: value for name, value in named.items() if value})


def program_environment() -> dict[str, str]:
    """Without the caller's PG… variables; the password stays off the program's arguments."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    password = str(connection.settings_dict.get("PASSWORD") or "")
    return (
        kept
        | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}
        | ({"PGPASSWORD": password} if password else {})
    )


def run(command: Sequence[str], *, doing: str) -> str:
    """What the program wrote; `RuleViolation` with its last lines when it fails."""
    outcome = subprocess.run(
        command,
        env=program_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if outcome.returncode != 0:
        raise RuleViolation(f"{doing} a échoué : {last_words(outcome.stderr)}")
    return outcome.stdout


def last_words(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "le programme n'a rien dit."
