"""A `guichet` command reduced to its use of the embedded database, for `test_postgres`.

Owns one use of a home, as the system user that it is told; says JSON lines, obeys lines. Refuses
to import Django or anything that a test would have to install for that user. Hears Ctrl-C even
where the tests run in the background, which makes their children deaf to it.
"""

import argparse
import importlib.metadata  # noqa: F401 - the user that we become may not reach Python's folder
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guichet.core.postgres import LauncherError, embedded_postgres, layout
from guichet.core.postgres.account import Account, Outcome


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("system_folder", type=Path)
    parser.add_argument("--bin-dir", type=Path)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--slow-initdb", action="store_true")
    options = parser.parse_args()
    layout.SYSTEM_FOLDER = options.system_folder
    if options.slow_initdb:
        make_initdb_last()
    if options.uid is not None:
        os.setgroups([])
        os.setgid(options.uid)
        os.setuid(options.uid)
    try:
        with embedded_postgres(options.home, bin_dir=options.bin_dir) as url:
            say(url=url)
            obey()
    except LauncherError as error:
        say(error=str(error))
        sys.exit(1)
    say(left=True)


def make_initdb_last() -> None:
    """Whoever wants to kill us in the middle of it has the time to."""
    run = Account.run

    def run_and_last(account: Account, command: Sequence[str | Path], **options: Any) -> Outcome:
        if Path(command[0]).name == "initdb":
            command = ["/bin/sh", "-c", '"$0" "$@" && sleep 60', *command]
        return run(account, command, **options)

    Account.run = run_and_last  # type: ignore[method-assign]


def obey() -> None:
    for line in sys.stdin:
        if line.strip() == "fork":
            say(child=fork_that_leaves())
        elif line.strip() == "linger":
            say(child=fork_that_lingers())
        else:
            return


def fork_that_leaves() -> int:
    """A forked child, like a web server's worker, that ends by unwinding the whole stack."""
    child = os.fork()
    if child == 0:
        sys.exit(0)
    return os.waitpid(child, 0)[1]


def fork_that_lingers() -> int:
    """A forked child that keeps our open files after we have left."""
    child = os.fork()
    if child == 0:
        time.sleep(600)
        os._exit(0)
    return child


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
