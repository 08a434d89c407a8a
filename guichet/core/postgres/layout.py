"""Where the embedded server keeps its files, and which system user owns them.

Owns the folder of each GUICHET_HOME (under /var/lib/guichet for root) and its trace in
`postgres.location`. Refuses to share one cluster between two homes or to forget one silently.
"""

import hashlib
import itertools
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from guichet.core.postgres.account import Account
from guichet.core.postgres.failures import LauncherError, refused_by_system

SYSTEM_FOLDER = Path("/var/lib/guichet")
LOCATION = "postgres.location"
LONGEST_SOCKET_FOLDER = 92
PLAIN_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-")


@dataclass(frozen=True)
class Layout:
    """The files of one embedded server; `base` holds them all, `account` runs the server."""

    home: Path
    base: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.base / "cluster"

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def in_system_folder(self) -> bool:
        return self.base != self.home / "postgres"

    @property
    def tag(self) -> str:
        """Ten characters of our own that name this server among the machine's."""
        return short_hash(f"{self.account.uid}:{self.base}")

    @property
    def socket_folder(self) -> Path:
        """The folder of the server's socket: in `base` if the system accepts a path that long."""
        inside = self.base / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and PLAIN_CHARACTERS.issuperset(
            str(inside)
        ):
            return inside
        temporary = Path(tempfile.gettempdir())
        if len(os.fsencode(temporary)) > LONGEST_SOCKET_FOLDER - 20:
            temporary = Path("/tmp")  # noqa: S108 - a 0700 folder of ours is made there
        return temporary / f"guichet-{self.tag}"

    def prepare(self) -> None:
        """Makes the folders that the server's user needs; opens nothing above them."""
        if self.in_system_folder:
            make_reachable(SYSTEM_FOLDER)
            make_reachable(self.base)
        else:
            self.base.mkdir(mode=0o700, parents=True, exist_ok=True)

    def prepare_socket_folder(self) -> None:
        """Makes the socket's folder, which only the server's user (and root) may enter."""
        folder = self.socket_folder
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.account.uid:
                raise LauncherError(
                    f"{folder} existe déjà et appartient à un autre utilisateur : effacez ce "
                    "dossier, ou choisissez un autre GUICHET_HOME."
                ) from None
        self.account.own_folder(folder)


def make_reachable(folder: Path) -> None:
    """Makes one of our own folders of the system, which any user may cross."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o711)


def short_hash(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:10]


def locate(home: Path) -> Layout:
    """The layout for a home. Raises LauncherError when the home's cluster is out of reach."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        home = home.resolve()
        inside = home / "postgres"
        has_cluster_inside = (inside / "cluster").is_dir()
    except OSError as error:
        raise refused_by_system(home, error) from error
    if has_cluster_inside and Account.owner_of(inside / "cluster").uid != 0:
        return Layout(home, inside, _account_for(inside / "cluster"))
    recorded = recorded_location(home)
    if os.geteuid() != 0:
        if recorded is not None:
            raise LauncherError(
                f"La base de {home} a été créée par root et se trouve dans {recorded} : lancez "
                "Guichet en root, ou choisissez un autre GUICHET_HOME."
            )
        return Layout(home, inside, Account.current())
    base = _followed(home, recorded) if recorded is not None else _free_base(home)
    made = (base / "cluster").is_dir()
    return Layout(home, base, _account_for(base / "cluster") if made else Account.unprivileged())


def recorded_location(home: Path) -> Path | None:
    """The folder written in a home's `postgres.location`, None without one."""
    try:
        return Path((home / LOCATION).read_text(encoding="utf-8").splitlines()[0])
    except (FileNotFoundError, IndexError):
        return None
    except OSError as error:
        raise refused_by_system(home, error) from error


def record_location(layout: Layout) -> None:
    """Writes in the home where its cluster is, and beside the cluster which home it serves."""
    if (recorded_location(layout.home), _served_home(layout.base)) == (layout.base, layout.home):
        return
    root = Account.current()
    root.write(layout.base / "home", f"{layout.home}\n")
    root.write(
        layout.home / LOCATION,
        f"{layout.base}\n"
        "Dossier de la base PostgreSQL de ce GUICHET_HOME, car PostgreSQL refuse root.\n"
        "Gardez ce fichier : sans lui, la base est remplacée par une base neuve.\n",
        mode=0o644,
    )


def _account_for(cluster: Path) -> Account:
    owner = Account.owner_of(cluster)
    if owner.differs and os.geteuid() != 0:
        raise LauncherError(
            f"La base de {cluster} appartient à un autre utilisateur du système : lancez Guichet "
            "avec lui, ou choisissez un autre GUICHET_HOME."
        )
    return owner


def _served_home(base: Path) -> Path | None:
    try:
        return Path((base / "home").read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None


def _free_base(home: Path) -> Path:
    """The folder named after a home, unless it still serves one that was moved from there."""
    for attempt in itertools.count():
        base = SYSTEM_FOLDER / short_hash(f"{home}{'*' * attempt}")
        if _served_home(base) in (None, home):
            break
    return base


def _followed(home: Path, recorded: Path) -> Path:
    """The cluster of a home that was moved. Refuses a lost cluster and a copied home."""
    trace = home / LOCATION
    original = _served_home(recorded)
    if recorded.parent != SYSTEM_FOLDER or original is None:
        raise LauncherError(
            f"La base de {home} était dans {recorded}, qui n'existe plus : remettez ce dossier en "
            f"place ou restaurez une sauvegarde ; pour repartir d'une base vide, effacez {trace}."
        )
    if original != home and recorded_location(original) == recorded:
        raise LauncherError(
            f"{home} est une copie de {original}, et la base est restée avec l'original : copiez "
            "une installation avec « guichet backup » et « guichet restore » ; pour repartir "
            f"d'une base vide, effacez {trace}."
        )
    return recorded
