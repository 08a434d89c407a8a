"""A real SMTP server on 127.0.0.1 that obeys, refuses for now, refuses for ever or hangs up."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = Callable[[str], str]


def accept(recipient: str) -> str:
    return "250 accepted"


@dataclass
class Mailbox:
    """What the server received, and how it answers to `RCPT TO`."""

    port: int = 0
    answer: Answer = accept
    refuses_service: bool = False
    received: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    connections: int = 0

    @property
    def subjects(self) -> list[str]:
        return [
            line.removeprefix(b"Subject: ").decode()
            for _, _, content in self.received
            for line in content.splitlines()
            if line.startswith(b"Subject: ")
        ]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mailbox: Mailbox = self.server.mailbox  # type: ignore[attr-defined]
        mailbox.connections += 1
        self.sender, self.recipients = "", []
        if mailbox.refuses_service:
            self.reply("421 closing, try later")
            return
        self.reply("220 test server")
        while line := self.rfile.readline().decode().strip():
            if not self.obey(line, mailbox):
                return

    def obey(self, line: str, mailbox: Mailbox) -> bool:
        command = line[:4].upper()
        if command in ("EHLO", "HELO"):
            self.reply("250-test server\r\n250 8BITMIME")
        elif command == "MAIL":
            self.sender, self.recipients = address_in(line), []
            self.reply("250 ok")
        elif command == "RCPT":
            answer = mailbox.answer(address_in(line))
            if answer.startswith("250"):
                self.recipients.append(address_in(line))
            self.reply(answer)
        elif command == "DATA":
            self.reply("354 go on")
            mailbox.received.append((self.sender, self.recipients, self.read_content()))
            self.reply("250 queued")
        else:
            self.reply("221 bye" if command == "QUIT" else "250 ok")
        return command != "QUIT"

    def read_content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def reply(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def address_in(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def smtp_server(port: int = 0) -> Iterator[Mailbox]:
    """Listens while the block lasts."""
    with Server(("127.0.0.1", port), Conversation) as server:
        mailbox = Mailbox(port=server.server_address[1])
        server.mailbox = mailbox  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
