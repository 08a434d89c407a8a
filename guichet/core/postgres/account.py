"""Which system user runs PostgreSQL's programs, and how they are run.

Owns the change of user (PostgreSQL refuses root) and a clean environment. Refuses to run a program
that keeps our terminal, our lock files or our secrets.
"""

import errno
import os
import pwd
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guichet.core.postgres.failures import LauncherError

KEPT_VARIABLES = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH")
UNPRIVILEGED_USERS = ("postgres", "nobody")
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Outcome:
    succeeded: bool
    output: str


@dataclass(frozen=True)
class Account:
    """The system user of the server; `differs` when it is not the one that runs Guichet."""

    uid: int
    gid: int
    differs: bool

    @classmethod
    def current(cls) -> "Account":
        return cls(os.geteuid(), os.getegid(), differs=False)

    @classmethod
    def unprivileged(cls) -> "Account":
        for name in UNPRIVILEGED_USERS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid, differs=True)
        raise LauncherError(
            "PostgreSQL refuse de fonctionner en root et cette machine n'a ni utilisateur "
            "« postgres » ni « nobody » : lancez Guichet avec un utilisateur ordinaire."
        )

    @classmethod
    def owner_of(cls, folder: Path) -> "Account":
        status = folder.stat()
        return cls(status.st_uid, status.st_gid, differs=status.st_uid != os.geteuid())

    def own(self, descriptor: int, mode: int) -> None:
        """Gives an open file or folder to this user, with this mode."""
        if self.differs:
            os.fchown(descriptor, self.uid, self.gid)
        os.fchmod(descriptor, mode)

    def own_folder(self, folder: Path) -> None:
        """Gives a folder to this user alone; never follows a link planted in its place."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            self.own(descriptor, 0o700)
        finally:
            os.close(descriptor)

    def write(self, path: Path, text: str, mode: int = 0o600) -> None:
        """Writes a file of this user whole: a reader sees the former text or the new one."""
        draft = path.with_name(f"{path.name}.draft")
        draft.unlink(missing_ok=True)
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            self.own(file.fileno(), mode)
            os.fsync(file.fileno())
        draft.replace(path)

    def run(self, command: Sequence[str | Path], *, folder: Path, text: str = "") -> Outcome:
        """Runs a program of PostgreSQL in `folder`, in its own session, and returns what it wrote.

        Raises PermissionError when the user cannot reach the program, LauncherError when the
        machine cannot run it.
        """
        try:
            started = self._start(command, folder)
        except OSError as error:
            if error.errno == errno.EACCES:
                raise
            if error.errno == errno.EPERM and self.differs:
                raise LauncherError(
                    "Guichet fonctionne en root, mais sans le droit de changer d'utilisateur "
                    "qu'il faut pour lancer PostgreSQL : lancez-le avec un utilisateur ordinaire."
                ) from error
            raise LauncherError(
                f"{command[0]} ne s'exécute pas sur cette machine ({error.strerror}) : indiquez "
                "d'autres programmes PostgreSQL avec GUICHET_POSTGRES_BIN."
            ) from error
        try:
            output, _ = started.communicate(text, timeout=PATIENCE_SECONDS)
        except BaseException:
            os.killpg(started.pid, signal.SIGKILL)
            started.communicate()
            raise
        return Outcome(started.returncode == 0, output)

    def _start(self, command: Sequence[str | Path], folder: Path) -> subprocess.Popen[str]:
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.differs else None,
            group=self.gid if self.differs else None,
            extra_groups=[] if self.differs else None,
        )
