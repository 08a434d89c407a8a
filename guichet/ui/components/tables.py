"""Tables: around rows of a template, or written at once where rows are many.

Owns their HTML; refuses to choose what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django import template
from django.utils.safestring import SafeString

from guichet.ui.components.drawing import draw, is_followable

register = template.Library()


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, which may lead to `url` or be `strong`; `under` stands small on a line of its own,
    `beside` small after them, `after` in full on another line; then a warning and what it means."""

    words: str
    url: str = ""
    strong: bool = False
    under: str = ""
    beside: tuple[str, ...] = ()
    after: str = ""
    warning: str = ""
    warning_words: str = ""


@register.simple_block_tag
def table(
    content: str, caption: str = "", stacked: bool = False, caption_hidden: bool = False
) -> SafeString:
    """`<thead>` and `<tbody>` in a table that scrolls sideways on a phone, also by keyboard;
    `stacked`, each row is a block of its own there, one cell under the other, after the name that
    its `data-ui-label` gives. `caption_hidden`, under a heading that says the same, only screen
    readers are told the caption."""
    return draw(
        "table",
        content=content,
        caption=caption,
        stacked=stacked,
        caption_hidden=caption_hidden,
    )


@register.simple_tag
def text_table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    notes: bool = False,
    stacked: bool = False,
) -> SafeString:
    """A `table` of words alone, the first of each row its heading: written at once, for rows that
    are many. With `notes` the last cell of each row stands small under the second; `stacked`, each
    cell has the name of its column before it on a phone, and `notes` is refused."""
    if notes and stacked:
        raise ValueError("a stacked table has a cell for each of its columns")
    named = (escape(one).replace("{", "{{").replace("}", "}}") for one in heads[1:])
    plain = "".join(f'<td data-ui-label="{one}">{{}}</td>' for one in named)
    row = (
        '<tr><th scope="row">{0}</th><td>{1} <small>{3}</small></td><td>{2}</td></tr>'
        if notes
        else '<tr><th scope="row">{}</th>'
        + (plain if stacked else "<td>{}</td>" * (len(heads) - 1))
        + "</tr>"
    )
    body = "".join(row.format(*map(escape, cells)) for cells in rows)
    return draw("table", content=with_heads(heads, body), caption=caption, stacked=stacked)


@register.simple_tag
def cell_table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell | str]],
    stacked: bool = False,
    caption_hidden: bool = False,
) -> SafeString:
    """A `table` of `Cell`s and words, the first of each row its heading: written at once, for rows
    that are many."""
    body = "".join(
        f'<tr><th scope="row">{cell_html(cells[0])}</th>'
        + "".join(f"<td>{cell_html(cell)}</td>" for cell in cells[1:])
        + "</tr>"
        for cells in rows
    )
    return draw(
        "table",
        content=with_heads(heads, body),
        caption=caption,
        stacked=stacked,
        caption_hidden=caption_hidden,
    )


def with_heads(heads: Sequence[str], body: str) -> SafeString:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    return SafeString(f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>")


def cell_html(cell: Cell | str) -> str:
    if isinstance(cell, str):
        return escape(cell)
    told = escape(cell.words)
    if cell.url and is_followable(cell.url):
        told = f'<a href="{escape(cell.url)}">{told}</a>'
    if cell.strong:
        told = f"<strong>{told}</strong>"
    told += "".join(f" <small>{escape(one)}</small>" for one in cell.beside)
    if cell.under:
        told += f"<br><small>{escape(cell.under)}</small>"
    if cell.after:
        told += f"<br>{escape(cell.after)}"
    if cell.warning:
        told += f"<br>{draw('badge', label=cell.warning, kind='warning')}"
        told += f" <small>{escape(cell.warning_words)}</small>"
    return told
