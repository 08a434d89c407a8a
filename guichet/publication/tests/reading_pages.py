"""What a reader finds on a page of results: its words, or the rows of its CSV."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from guichet.publication.published import (
    corrections,
    network_results,
    publishing_networks,
    serving,
    territory_figures,
)


def forget_kept():
    """What the process keeps of editions that other tests made."""
    corrections.KEPT.clear()
    network_results.KEPT.clear()
    publishing_networks.KEPT.clear()
    territory_figures.KEPT.clear()
    serving.kept_parts.cache_clear()


def html_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def text_of(client, path):
    html = html_of(client, path)
    main = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", main))
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())


def rows_of(client, path):
    content = client.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))
