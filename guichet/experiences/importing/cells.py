"""What one cell of an export means: dates, feelings, channels, texts with their old habits.

Owns these readings; refuses to know a row. Plain Python.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape

from guichet.core.text import folded, in_paragraphs, one_line
from guichet.directory.csv_sheets import plain_cell

FEELINGS = {"positif": "positive", "neutre": "neutral", "negatif": "negative"}
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
HTML = re.compile(r"</?(?:p|br|div|li|ul|ol|strong|em|b|i|u|a|span)\b[^>]*>", re.IGNORECASE)
HTML_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|ul|ol)>", re.IGNORECASE)
CHANNEL_WORDS = (
    ("appointment", ("rendez-vous", "rendez vous", "rdv")),
    ("phone", ("telephone", "tel.", "appel")),
    ("mail", ("courriel", "e-mail", "email", "mail", "messagerie")),
    ("post", ("courrier", "postal", "lettre")),
    ("online", ("en ligne", "internet", "site", "numerique", "application", "web")),
    ("desk", ("sur place", "guichet", "accueil", "physique", "agence", "bureau")),
)
WRITER_WORDS = (
    ("relative", ("proche", "aidant", "parent", "famille")),
    ("helper", ("aide un usager", "accompagn", "mediateur", "travailleur social")),
    ("association", ("association",)),
    ("professional", ("professionnel", "entreprise", "agent")),
)


def day(text: str) -> date | None:
    """A date ISO or JJ/MM/AAAA, with or without an hour; None when empty. `ValueError` else."""
    bare = text.strip().split("T")[0].split(" ")[0]
    if not bare:
        return None
    for shape in DATE_FORMATS:
        try:
            found = datetime.strptime(bare, shape).date()  # noqa: DTZ007
        except ValueError:
            continue
        if 1990 <= found.year <= 2100:
            return found
    raise ValueError(f"« {text.strip()[:40]} » n'est pas une date (AAAA-MM-JJ ou JJ/MM/AAAA)")


def feeling(text: str) -> str:
    """ "" when empty; `ValueError` for another word than the three."""
    word = folded(text.strip())
    if not word:
        return ""
    if word not in FEELINGS:
        raise ValueError(f"« {text.strip()[:40]} » n'est ni Positif, ni Neutre, ni Négatif")
    return FEELINGS[word]


def count(text: str) -> int:
    """0 when empty; `ValueError` for what is no count."""
    bare = text.strip().removesuffix(".0")
    if not bare:
        return 0
    if not bare.isascii() or not bare.isdigit() or len(bare) > 9:
        raise ValueError(f"« {text.strip()[:40]} » n'est pas un nombre entier")
    return int(bare)


def number(text: str) -> int:
    """The number of a story: positive, at most eighteen figures."""
    bare = text.strip().removesuffix(".0")
    if not bare.isascii() or not bare.isdigit() or len(bare) > 18 or int(bare) == 0:
        raise ValueError(f"« {text.strip()[:40]} » n'est pas un numéro")
    return int(bare)


def truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(folded(text.strip()))


def channels(text: str) -> list[str]:
    """Those that are recognised, in the order given."""
    found = []
    for part in re.split(r"[,|/\n]", folded(text)):
        for code, words in CHANNEL_WORDS:
            if any(word in part for word in words):
                found.append(code)
                break
    return list(dict.fromkeys(found))


def written_as(text: str) -> str:
    bare = folded(text)
    for code, words in WRITER_WORDS:
        if any(word in bare for word in words):
            return code
    return "user"


def line(text: str) -> str:
    """On one line, without controls."""
    return one_line(plain_cell(text))


def text_of(text: str, *, from_here: bool) -> str:
    """Paragraphs apart by line breaks. In the official export `|` is a line break and answers may
    be HTML; in our own (`from_here`) both are what was written."""
    plain = plain_cell(text)
    if not from_here:
        plain = without_html(plain).replace("|", "\n")
    return in_paragraphs(plain)


def without_html(text: str) -> str:
    if not HTML.search(text):
        return unescape(text) if re.search(r"&(?:nbsp|amp|quot|#\d+|[lg]t);", text) else text
    broken = HTML_BREAK.sub("\n", text.replace("\n", " "))
    return unescape(HTML.sub("", broken))
