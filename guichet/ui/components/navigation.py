"""Where the reader is: breadcrumb, pagination, the frame's identity."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.messages import constants
from django.core.paginator import Page
from django.http import QueryDict
from django.utils.safestring import SafeString

from guichet.ui.components.drawing import draw
from guichet.ui.context import identity

register = template.Library()
register.simple_tag(identity, name="site_identity")

MESSAGE_KINDS = {
    constants.SUCCESS: "success",
    constants.WARNING: "warning",
    constants.ERROR: "error",
}


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """A step of the breadcrumb; without `url`, the page itself."""
    return draw("crumb", label=label, url=url)


@register.simple_block_tag
def breadcrumb(content: str) -> SafeString:
    """Home, then the `crumb`s inside; nothing at all where there are none."""
    return draw("breadcrumb", content=content) if content.strip() else SafeString("")


@register.simple_tag
def stepper(
    current: int, total: int, title: str, following: str = "", level: int = 1
) -> SafeString:
    """Where the reader stands in a form of several pages: « Étape 2 sur 5 », what it is about and
    what follows. Its heading is the page's."""
    return draw(
        "stepper", current=current, total=total, title=title, following=following, level=level
    )


@register.filter
def message_kind(message: Any) -> str:
    """The kind of alert of a message of Django's framework."""
    return MESSAGE_KINDS.get(message.level, "info")


@register.simple_tag
def pagination(
    page: Page[Any], query: QueryDict | None = None, parameter: str = "page"
) -> SafeString:
    """Links to the other pages of a list, keeping the other parameters of the query."""
    kept = query.copy() if query is not None else QueryDict(mutable=True)
    kept.pop(parameter, None)

    def address(number: int) -> str:
        kept[parameter] = str(number)
        return f"?{kept.urlencode()}"

    last = page.paginator.num_pages
    if last < 2:
        return SafeString("")
    return draw(
        "pagination",
        first=address(1) if page.has_previous() else "",
        previous=address(page.previous_page_number()) if page.has_previous() else "",
        next=address(page.next_page_number()) if page.has_next() else "",
        last=address(last) if page.has_next() else "",
        numbers=[
            {
                "label": number,
                "url": address(number) if isinstance(number, int) else "",
                "is_current": number == page.number,
            }
            for number in page.paginator.get_elided_page_range(
                page.number, on_each_side=1, on_ends=1
            )
        ],
    )
