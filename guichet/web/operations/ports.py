"""Which TCP port the web server may listen on.

Owns the sentences about a port that cannot be had. Refuses to listen itself.
"""

from __future__ import annotations

import contextlib
import errno
import socket
from pathlib import Path

PORTS_TRIED = 20
LISTENING = "0A"
FIRST_UNPRIVILEGED_PORT = 1024


class PortRefused(Exception):
    """The port cannot be had; the text is a French sentence that says how to mend it."""


def check_port(host: str, port: int) -> None:
    """Raises PortRefused when nobody could listen there now."""
    if not 1 <= port <= 65535:
        raise PortRefused(f"{port} n'est pas un numéro de port : choisissez entre 1 et 65535.")
    error = error_of_listening(host, port)
    if error is None:
        return
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        raise PortRefused(
            f"« {host} » n'est pas une adresse de cette machine : utilisez --host 127.0.0.1 "
            "(cette machine seulement) ou --host 0.0.0.0 (tout le réseau)."
        ) from error
    if error.errno == errno.EADDRINUSE:
        raise PortRefused(taken(host, port)) from error
    if error.errno == errno.EACCES:
        raise PortRefused(
            f"Le port {port} est réservé à l'administrateur de la machine : choisissez-en un à "
            f"partir de {FIRST_UNPRIVILEGED_PORT}, par exemple « guichet serve --port 8000 »."
        ) from error
    raise PortRefused(f"Le port {port} ne peut pas être ouvert : {error.strerror}.") from error


def taken(host: str, port: int) -> str:
    who = listener_of(port)
    free = next_free_port(host, port)
    sentence = f"Le port {port} est déjà pris{f' par {who}' if who else ''}."
    if free is None:
        return f"{sentence} Choisissez-en un autre avec --port."
    return f"{sentence} Choisissez-en un autre, par exemple : guichet serve --port {free}"


def error_of_listening(host: str, port: int) -> OSError | None:
    """What the system answers to a program that would listen there, None when it may.

    Without SO_REUSEPORT, on purpose: granian sets it, and two servers would share the port.
    """
    try:
        [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
    except UnicodeError:
        return socket.gaierror(host)
    except OSError as error:
        return error
    return None


def next_free_port(host: str, port: int) -> int | None:
    tried = range(port + 1, min(port + 1 + PORTS_TRIED, 65536))
    return next((other for other in tried if error_of_listening(host, other) is None), None)


def listener_of(port: int) -> str:
    """ "python3 (processus 1234)", or nothing when Linux does not tell us."""
    inodes = {
        fields[9]
        for table in ("tcp", "tcp6")
        for fields in connections_of(Path("/proc/net") / table)
        if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port
    }
    sockets = {f"socket:[{inode}]" for inode in inodes}
    for folder in Path("/proc").glob("[0-9]*"):
        if sockets & links_in(folder / "fd"):
            with contextlib.suppress(OSError):
                name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
                return f"« {name} » (processus {folder.name})"
    return ""


def connections_of(table: Path) -> list[list[str]]:
    try:
        return [line.split() for line in table.read_text(encoding="ascii").splitlines()[1:]]
    except OSError:
        return []


def links_in(folder: Path) -> set[str]:
    links = set()
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            with contextlib.suppress(OSError):
                links.add(str(entry.readlink()))
    return links
