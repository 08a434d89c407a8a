"""Blocks that hold a page's words: sections, cards, alerts, tables, facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from guichet.ui.components.drawing import draw, is_followable, one_of

register = template.Library()

KINDS = ("info", "success", "warning", "error")
NBSP = "\u00a0"
BADGE_KINDS = (*KINDS, "new", "neutral")


@register.simple_block_tag
def section(content: str, title: str = "", id: str = "", level: int = 2) -> SafeString:
    """A part of the page with its heading."""
    size = str(min(level + 1, 6))
    return draw("section", content=content, title=title, id=id, level=str(level), size=size)


@register.simple_block_tag
def hero(content: str) -> SafeString:
    """A tinted band as wide as the screen, for the title and the first action of a home page."""
    return draw("hero", content=content)


@register.simple_block_tag
def columns(content: str, align: str = "start") -> SafeString:
    """A row of `column`s, side by side at desk width, stacked on phones; aligned "start" or "end"
    (a button beside fields)."""
    return draw(
        "columns", content=content, at_end=one_of(align, ("start", "end"), "columns") == "end"
    )


@register.simple_block_tag
def column(content: str, width: int = 12, sticky: bool = False) -> SafeString:
    """`width` twelfths of the row at desk width; `sticky`, it stays in sight there while what
    stands beside is read."""
    if not 1 <= width <= 12:
        raise ValueError(f"column: {width} is not between 1 and 12")
    return draw("column", content=content, width=str(width), sticky=sticky)


@register.simple_tag
def words_list(sentences: Iterable[str]) -> SafeString:
    """A list of words alone, written at once; nothing where there are none."""
    items = "".join(f"<li>{escape(one)}</li>" for one in sentences)
    return SafeString(f"<ul>{items}</ul>" if items else "")


@register.simple_block_tag
def card(
    content: str, title: str = "", url: str = "", detail: str = "", level: int = 3
) -> SafeString:
    """A framed summary; with `url` the whole card leads there (links inside keep working)."""
    return draw("card", **card_values(content, title, url, detail, level))


def card_values(content: str, title: str, url: str, detail: str, level: int) -> dict[str, Any]:
    return {
        "content": content,
        "title": title,
        "url": url if is_followable(url) else "",
        "detail": detail,
        "level": level,
    }


@register.simple_block_tag
def card_list(content: str, ordered: bool = False, columns: int = 1) -> SafeString:
    """A real list of `card_item`s, on 1 to 4 columns at desk width; `ordered` writes an `ol`."""
    return draw("card_list", content=content, ordered=ordered, columns=columns)


@register.simple_block_tag
def card_item(
    content: str, title: str = "", url: str = "", detail: str = "", level: int = 3
) -> SafeString:
    """An item of `card_list`: a card when it has a title, else the content as it is."""
    return draw("card_item", **card_values(content, title, url, detail, level))


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A message that the reader must not miss: info, success, warning or error."""
    return draw("alert", content=content, title=title, kind=one_of(kind, KINDS, "alert"))


@register.simple_block_tag
def callout(content: str, title: str = "") -> SafeString:
    """Words set apart from the page's text."""
    return draw("callout", content=content, title=title)


@register.simple_block_tag
def accordion(content: str, title: str = "", id: str = "", open: bool = False) -> SafeString:
    """Content behind its title; opens without JavaScript."""
    return draw("accordion", content=content, title=title, id=id, open=open)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A list of `fact`s: name, value."""
    return draw("facts", content=content)


@register.simple_block_tag
def fact(content: str, label: str, icon: str = "") -> SafeString:
    """One name and its value, in `facts`."""
    return draw("fact", content=content, label=label, icon=icon)


@register.simple_block_tag
def empty_state(content: str, title: str = "") -> SafeString:
    """What stands where nothing was found, and what to do next."""
    return draw("empty_state", content=content, title=title)


@register.simple_block_tag
def tags(content: str) -> SafeString:
    """A list of `tag`s."""
    return draw("tags", content=content)


@register.simple_tag
def tag(label: str, url: str = "", pressed: bool = False) -> SafeString:
    """A keyword, in `tags`; with `url` a link; `pressed` marks the one in force."""
    return draw("tag", label=label, url=url if is_followable(url) else "", pressed=pressed)


@register.simple_block_tag
def paper(content: str, letters: str = "large") -> SafeString:
    """What is meant to be printed and handed over: framed on the screen, alone on the paper, in
    "large", "medium" or "small" letters."""
    size = one_of(letters, ("large", "medium", "small"), "paper")
    return draw("paper", content=content, letters=size)


@register.simple_block_tag
def paper_columns(content: str) -> SafeString:
    """Two `paper_column`s, side by side on paper too."""
    return draw("paper_columns", content=content)


@register.simple_block_tag
def paper_column(content: str) -> SafeString:
    return draw("paper_column", content=content)


@register.simple_block_tag
def on_screen(content: str) -> SafeString:
    """What is of no use on paper."""
    return draw("on_screen", content=content)


@register.simple_block_tag
def on_phones(content: str) -> SafeString:
    """What narrow screens alone need: a link to what stands beside at desk width."""
    return draw("on_phones", content=content)


@register.simple_tag
def big_code(code: str, label: str = "") -> SafeString:
    """A reference to copy or to say by telephone."""
    return draw("big_code", code=code, label=label)


@register.simple_block_tag
def muted(content: str) -> SafeString:
    """A secondary paragraph (phrasing content only)."""
    return draw("muted", content=content)


@register.simple_block_tag
def lead(content: str) -> SafeString:
    """The paragraph that opens a page (phrasing content only)."""
    return draw("lead", content=content)


@register.simple_block_tag
def large(content: str) -> SafeString:
    """A line to be read at a glance, from arm's length (phrasing content only)."""
    return draw("large", content=content)


@register.simple_tag
def badge(label: str, kind: str = "neutral") -> SafeString:
    """A word that says a state: info, success, warning, error, new or neutral."""
    return draw("badge", label=label, kind=one_of(kind, BADGE_KINDS, "badge"))


@register.simple_tag
def source_note(text: str, date: dt.date | None = None, needs_check: bool = False) -> SafeString:
    """« Source : X, vérifié le 3 mars 2025 » ; `needs_check` adds « à vérifier »."""
    day = written_date(date) if date else ""
    return draw("source_note", text=text, day=day, needs_check=needs_check)


@register.filter
def written_date(date: dt.date) -> str:
    """« 1er mars 2025 »; an aware datetime is told in the site's zone."""
    if isinstance(date, dt.datetime) and timezone.is_aware(date):
        date = timezone.localtime(date)
    words = date_format(date, "j F Y")
    return f"1er{words[1:]}" if date.day == 1 else words


@register.filter
def written_time(moment: dt.datetime | dt.time) -> str:
    """« 8 h 30 », « 12 h »; an aware datetime is told in the site's zone."""
    if isinstance(moment, dt.datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    hour = f"{moment.hour}{NBSP}h"
    return f"{hour}{NBSP}{moment.minute:02d}" if moment.minute else hour


@register.filter
def written_moment(moment: dt.datetime) -> str:
    """« 1er mars à 8 h 30 », of this year; told in the site's zone."""
    day = written_date(moment).rpartition(" ")[0]
    return f"{day} à {written_time(moment)}"


@register.simple_block_tag
def more(content: str, words: str, printed: bool = False) -> SafeString:
    """What most readers can do without, behind `words`; opens without JavaScript. On paper it is
    left out, or open when `printed`."""
    return draw("more", content=content, words=words, printed=printed)
