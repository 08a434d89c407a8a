"""What went wrong with the embedded server, said so that a person can mend it.

Owns the French sentences on failures of PostgreSQL's own programs. Refuses to guess: what it does
not recognise is shown as the program wrote it, with the place of the log.
"""

import errno
import re
import shutil
from pathlib import Path

LINES_SHOWN = 15
ROOM_NEEDED_MEGABYTES = 200


class LauncherError(Exception):
    """The embedded database cannot be used; its text is a French sentence for a person."""


def free_megabytes(folder: Path) -> int:
    """Megabytes (10⁶ bytes) that an ordinary user may still write in `folder`."""
    return shutil.disk_usage(folder).free // 1_000_000


def disk_full(folder: Path) -> LauncherError:
    while not folder.exists():
        folder = folder.parent
    free, place = free_megabytes(folder), f"{folder} (monté en {_mount(folder)})"
    if free >= ROOM_NEEDED_MEGABYTES:
        return LauncherError(
            f"Le système refuse d'écrire dans {place} bien qu'il y reste {free} Mo : un quota "
            "ou le nombre de fichiers est atteint. Libérez de la place, ou choisissez un autre "
            "dossier avec GUICHET_HOME."
        )
    return LauncherError(
        f"Il ne reste que {free} Mo sur le disque de {place} : libérez de la place, ou "
        "choisissez un autre dossier avec GUICHET_HOME."
    )


def permission_denied(folder: Path, error: OSError) -> LauncherError:
    refused = error.filename or folder
    return LauncherError(
        f"Guichet ne peut pas écrire dans {refused} ({error.strerror}) : donnez-lui les droits sur "
        "ce dossier, ou choisissez-en un autre avec GUICHET_HOME."
    )


def refused_by_system(folder: Path, error: OSError) -> LauncherError:
    """The sentence for an error of the system while Guichet itself writes in `folder`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return permission_denied(folder, error)
    return LauncherError(f"La base de {folder} est hors d'usage : {error}.")


def explain(output: str, *, doing: str, folder: Path, log: Path | None = None) -> LauncherError:
    """Turns what a PostgreSQL program wrote, there or in its log, into one French sentence."""
    if "No space left on device" in output or "quota exceeded" in output:
        return disk_full(folder)
    if library := re.search(r"loading shared libraries: (\S+?):", output):
        return LauncherError(
            f"PostgreSQL ne peut pas démarrer : la bibliothèque {library[1]} manque à cette "
            "machine. Installez-la, ou réinstallez le paquet postgresql, ou indiquez d'autres "
            "programmes avec GUICHET_POSTGRES_BIN."
        )
    if "incompatible with server" in output:
        return LauncherError(
            f"La base de {folder} vient d'une autre version de PostgreSQL que celle des programmes "
            "trouvés : indiquez les bons avec GUICHET_POSTGRES_BIN."
        )
    if "Cannot allocate memory" in output:
        return LauncherError(
            "PostgreSQL ne peut pas démarrer : cette machine n'a plus assez de mémoire libre "
            "(il lui faut environ 200 Mo)."
        )
    shown = "\n".join(output.strip().splitlines()[-LINES_SHOWN:])
    place = f" (journal complet : {log})" if log else ""
    return LauncherError(f"{doing} a échoué{place}. PostgreSQL a écrit :\n{shown}")


def _mount(folder: Path) -> Path:
    while not folder.is_mount():
        folder = folder.parent
    return folder
