"""The files of the embedded PostgreSQL cluster: made once, whole or not at all, then configured.

Owns `initdb` and our settings. Refuses to make a cluster where one stands or without room for it.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from guichet.core.postgres.account import Account, Outcome
from guichet.core.postgres.binaries import major_version
from guichet.core.postgres.failures import (
    ROOM_NEEDED_MEGABYTES,
    LauncherError,
    disk_full,
    explain,
    free_megabytes,
)
from guichet.core.postgres.layout import Layout

DRAFT_PREFIX = "cluster.draft-"
LIBRARY_LOCALE = ("--locale=C.UTF-8",)
BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
BUILTIN_LOCALE_SINCE = 17
SUPERUSER = "guichet"
SETTINGS_FILE = "guichet.conf"
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "lc_messages": "C",
}
UNSAFE_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


def unsafe_speed() -> bool:
    """Whether the environment asks for speed at the price of the data after a power cut (tests)."""
    return os.environ.get("GUICHET_POSTGRES_UNSAFE_SPEED") == "1"


def exists(layout: Layout) -> bool:
    """Whether the cluster is there and whole; an empty folder counts as none."""
    marks = [layout.cluster / "PG_VERSION", layout.cluster / "global" / "pg_control"]
    if all(mark.is_file() for mark in marks):
        return True
    if layout.cluster.is_dir() and any(layout.cluster.iterdir()):
        raise LauncherError(
            f"{layout.cluster} n'est pas une base PostgreSQL complète : déplacez ce dossier, puis "
            "relancez ; une base neuve sera créée."
        )
    return False


def create(layout: Layout, bin_dir: Path) -> None:
    """Runs `initdb` in a draft folder that takes its name only once whole."""
    if free_megabytes(layout.base) < ROOM_NEEDED_MEGABYTES:
        raise disk_full(layout.base)
    draft, outcome = _initdb(layout, bin_dir, LIBRARY_LOCALE)
    if "invalid locale" in outcome.output and major_version(bin_dir) >= BUILTIN_LOCALE_SINCE:
        draft, outcome = _initdb(layout, bin_dir, BUILTIN_LOCALE)
    if not outcome.succeeded:
        failure = explain(outcome.output, doing="La création de la base", folder=layout.base)
        _erase_drafts(layout)
        raise failure
    _include_settings(draft, layout.account)
    draft.replace(layout.cluster)


def set_aside(layout: Layout) -> Path:
    """Renames the cluster of a home that was erased since; nothing is deleted."""
    kept = layout.base / f"cluster.{datetime.now(UTC):%Y%m%d-%H%M%S}"
    layout.cluster.rename(kept)
    return kept


def write_settings(layout: Layout) -> None:
    """Writes our settings for the next start; `postgresql.conf` keeps what a person adds after."""
    settings = SETTINGS | {"unix_socket_directories": str(layout.socket_folder)}
    if unsafe_speed():
        settings |= UNSAFE_SETTINGS
    text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    layout.account.write(layout.cluster / SETTINGS_FILE, text)


def _initdb(layout: Layout, bin_dir: Path, locale: tuple[str, ...]) -> tuple[Path, Outcome]:
    """Each attempt has its own draft: the initdb of a killed command may still write in another."""
    _erase_drafts(layout)
    draft = Path(tempfile.mkdtemp(prefix=DRAFT_PREFIX, dir=layout.base))
    layout.account.own_folder(draft)
    command: list[str | Path] = [
        bin_dir / "initdb",
        f"--pgdata={draft.name}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--auth-local=trust",
        "--auth-host=reject",
        "--lc-messages=C",
        *locale,
        *(["--no-sync"] if unsafe_speed() else []),
    ]
    return draft, layout.account.run(command, folder=layout.base)


def _erase_drafts(layout: Layout) -> None:
    for draft in layout.base.glob(f"{DRAFT_PREFIX}*"):
        shutil.rmtree(draft, ignore_errors=True)


def _include_settings(cluster: Path, account: Account) -> None:
    """Our settings come last in `postgresql.conf`, and a person's lines after them win."""
    path = cluster / "postgresql.conf"
    text = path.read_text(encoding="utf-8")
    text += f"\ninclude '{SETTINGS_FILE}'\n# Vos propres réglages, après cette ligne :\n"
    account.write(path, text)
