"""The first version of each text, there as soon as the tables are; the team changes it on the site.

Owns the files of `reference/texts`; refuses to touch a text that exists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection

FOLDER = Path(__file__).resolve().parent / "reference" / "texts"
SLUGS = ("aide", "accessibilite", "mentions-legales", "donnees-personnelles")


def load_first_texts(sender: Any = None, **options: Any) -> None:
    """After each migration: create the texts that are missing, in the order of the footer."""
    from guichet.web.models import SiteText

    if SiteText._meta.db_table not in connection.introspection.table_names():
        return
    SiteText.objects.bulk_create(
        [read_text(slug, rank) for rank, slug in enumerate(SLUGS)], ignore_conflicts=True
    )


def read_text(slug: str, rank: int) -> Any:
    from guichet.web.models import SiteText

    title, _, body = (FOLDER / f"{slug}.txt").read_text(encoding="utf-8").partition("\n")
    return SiteText(slug=slug, title=title, body=body.strip(), footer_rank=rank)
