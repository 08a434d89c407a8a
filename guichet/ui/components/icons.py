"""The plain names of the icons and the drawings of the design system behind them."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# name: (folder of the design system, drawing). `icons.css` holds a rule for each (tested).
ICONS = {
    "add": ("system", "add-line"),
    "alarm": ("system", "alarm-warning-line"),
    "arrow-down": ("arrows", "arrow-down-line"),
    "arrow-left": ("arrows", "arrow-left-line"),
    "arrow-right": ("arrows", "arrow-right-line"),
    "arrow-up": ("arrows", "arrow-up-line"),
    "building": ("buildings", "building-line"),
    "calendar": ("business", "calendar-line"),
    "chart": ("business", "line-chart-line"),
    "chat": ("communication", "chat-3-line"),
    "check": ("system", "check-line"),
    "clock": ("system", "time-line"),
    "close": ("system", "close-line"),
    "delete": ("system", "delete-bin-line"),
    "document": ("document", "file-text-line"),
    "download": ("system", "download-line"),
    "ear": ("others", "fr--ear-off-line"),
    "edit": ("design", "pencil-line"),
    "error": ("system", "fr--error-line"),
    "external": ("system", "external-link-line"),
    "eye": ("system", "eye-line"),
    "filter": ("system", "filter-line"),
    "flag": ("business", "flag-line"),
    "globe": ("business", "global-line"),
    "hand": ("others", "fr--sign-language-line"),
    "heart": ("health", "heart-pulse-line"),
    "history": ("system", "timer-line"),
    "home": ("buildings", "home-4-line"),
    "info": ("system", "information-line"),
    "link": ("editor", "link"),
    "list": ("editor", "list-unordered"),
    "locate": ("map", "map-pin-user-line"),
    "lock": ("system", "lock-line"),
    "logout": ("system", "logout-box-r-line"),
    "mail": ("business", "mail-line"),
    "map": ("map", "map-pin-2-line"),
    "menu": ("system", "menu-fill"),
    "phone": ("device", "phone-line"),
    "print": ("business", "printer-line"),
    "question": ("system", "question-line"),
    "refresh": ("system", "refresh-line"),
    "route": ("map", "road-map-line"),
    "save": ("device", "save-line"),
    "search": ("system", "search-line"),
    "send": ("business", "send-plane-line"),
    "settings": ("system", "settings-5-line"),
    "shield": ("system", "shield-line"),
    "success": ("system", "checkbox-circle-line"),
    "team": ("user", "team-line"),
    "undo": ("arrows", "arrow-go-back-line"),
    "upload": ("system", "upload-line"),
    "user": ("user", "user-line"),
    "video": ("communication", "video-chat-line"),
    "warning": ("system", "fr--warning-line"),
    "wheelchair": ("others", "wheelchair-line"),
}


def icon_class(name: str) -> str:
    """The CSS class of a plain name; ValueError for a name nobody drew."""
    if name not in ICONS:
        raise ValueError(f"icon: {name!r} is not one of {', '.join(ICONS)}")
    return f"fr-icon-{name}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside a word; screen readers skip it."""
    return format_html('<span class="{}" aria-hidden="true"></span>', icon_class(name))
