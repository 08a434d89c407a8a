"""The process that draws charts and posters for a web worker: it reads requests as lines of JSON
and answers each by one, until nobody asks any more.

Owns the libraries that draw, which hold a hundred megabytes once they have; refuses to choose what
is drawn. Plain Python.
"""

from __future__ import annotations

import base64
import json
import os
import select
import sys
from datetime import datetime
from typing import Any

from guichet.publication.posters.drawing import compiled

IDLE_SECONDS = 60


def drawn(asked: dict[str, Any]) -> dict[str, str]:
    """`svg` of a `chart` in Vega-Lite, or `pdf` (base64) of a `poster`, dated; `broken` when the
    libraries refuse it. Anything else ends the process, whose last words are in the log."""
    try:
        if "chart" in asked:
            import vl_convert

            return {"svg": vl_convert.vegalite_to_svg(asked["chart"])}
        pdf = compiled(asked["poster"], datetime.fromisoformat(asked["at"]))
        return {"pdf": base64.b64encode(pdf).decode()}
    except (ValueError, RuntimeError) as error:
        return {"broken": f"{type(error).__name__}: {error}"[:2000]}


def main() -> None:
    """Ends with the worker, whose end of the pipe closes, or when idle."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    while select.select([requests], [], [], IDLE_SECONDS)[0]:
        line = requests.readline()
        if not line:
            return
        answers.write(json.dumps(drawn(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
