"""Links and buttons: where a reader goes, what a reader does."""

from __future__ import annotations

import re
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from guichet.ui.components.drawing import draw, is_followable, one_of
from guichet.ui.components.icons import icon_class

register = template.Library()

BUTTON_KINDS = ("primary", "secondary", "tertiary")

# number, short name, who answers, what for
EMERGENCY_NUMBERS = (
    ("15", "Samu", "Samu", "Urgence médicale"),
    ("17", "Police", "Police secours", "Police ou gendarmerie"),
    ("18", "Pompiers", "Sapeurs-pompiers", "Incendie, accident, secours aux personnes"),
    ("112", "Europe", "Urgences en Europe", "Toute urgence, partout en Europe"),
    (
        "114",
        "SMS (sourds)",
        "Urgences par SMS",
        "Personnes sourdes, malentendantes ou qui ne peuvent pas parler",
    ),
    (
        "3919",
        "Violences femmes",
        "Violences Femmes Info",
        "Femmes victimes de violences ; appel anonyme et gratuit",
    ),
    ("115", "Sans abri", "Samu social", "Hébergement d'urgence, repas, soins ; appel gratuit"),
    ("3114", "Prévention suicide", "Prévention du suicide", "Écoute jour et nuit ; appel gratuit"),
    (
        "119",
        "Enfance en danger",
        "Allô enfance en danger",
        "Enfants et adolescents en danger ; appel gratuit",
    ),
)


# those of one kind of urgency, beside the numbers above
FURTHER_NUMBERS = (
    (
        "3977",
        "Maltraitance",
        "Maltraitance des personnes âgées ou handicapées",
        "Écoute et conseil, du lundi au dimanche",
    ),
    ("3928", "Discriminations", "Anti-discriminations", "Défenseur des droits ; écoute et conseil"),
    ("3018", "Harcèlement", "Harcèlement et violences numériques", "Enfants, adolescents, parents"),
)


def button_classes(kind: str, icon: str) -> str:
    """The classes of a button of this kind, with its icon at the left."""
    classes = ["fr-btn"]
    if one_of(kind, BUTTON_KINDS, "button") != "primary":
        classes.append(f"fr-btn--{kind}")
    if icon:
        classes += ["fr-btn--icon-left", icon_class(icon)]
    return " ".join(classes)


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """A group of buttons."""
    return draw("actions", content=content)


@register.simple_tag
def action(
    label: str, url: str, kind: str = "primary", icon: str = "", about: str = ""
) -> SafeString:
    """A link that looks like a button; an address that would run a script loses its link. `about`
    tells it from its likes to who only hears the links."""
    safe_url = url if is_followable(url) else ""
    classes = button_classes(kind, icon)
    return draw("action", label=label, url=safe_url, classes=classes, about=about)


@register.simple_tag(takes_context=True)
def post_button(
    context: template.Context,
    label: str,
    url: str,
    kind: str = "secondary",
    icon: str = "",
    confirm: str = "",
    name: str = "",
    value: str = "",
    signed: bool = True,
) -> SafeString:
    """A form of one button. With `confirm` (a question) the button first opens that question;
    `signed` as in `form`."""
    return draw(
        "post_button",
        label=label,
        url=url,
        classes=button_classes(kind, icon),
        confirm=confirm,
        name=name,
        value=value,
        csrf_token=context.get("csrf_token", "") if signed else "",
    )


@register.simple_tag
def print_button(label: str = "Imprimer") -> SafeString:
    """Prints the page; shown only where JavaScript can."""
    return draw("print_button", label=label, classes=button_classes("secondary", "print"))


@register.simple_tag
def submit(
    label: str,
    kind: str = "primary",
    name: str = "",
    value: str = "",
    icon: str = "",
    about: str = "",
) -> SafeString:
    """The button that sends its form; `about` as in `action`."""
    classes = button_classes(kind, icon)
    return draw("submit", label=label, classes=classes, name=name, value=value, about=about)


@register.simple_tag
def phone_link(number: str, display: str = "") -> SafeString:
    """A number that a telephone can call; `display` is how it is written."""
    return draw("phone_link", number=re.sub(r"[^\d+]", "", number), display=display or number)


@register.simple_tag
def external_link(url: str, label: str = "") -> SafeString:
    """A link that leaves the site; an address that would run a script stays a text."""
    return draw("external_link", url=url if is_followable(url) else "", label=label or url)


@register.simple_tag
def emergency_numbers(detailed: bool = False, only: str = "") -> SafeString:
    """The emergency numbers, to call: in a strip, or `detailed` for a page of their own; those of
    `only` ("17 3919"), in that order."""
    return drawn_numbers(detailed, only)


@lru_cache(maxsize=32)
def drawn_numbers(detailed: bool, only: str) -> SafeString:
    """Drawn once: they are on every page, and the same on each."""
    known = {entry[0]: entry for entry in (*EMERGENCY_NUMBERS, *FURTHER_NUMBERS)}
    entries = [known[number] for number in only.split()] if only else EMERGENCY_NUMBERS
    numbers = [
        {
            "number": number,
            "name": name,
            "who": who,
            "reason": reason,
            "scheme": "sms" if number == "114" else "tel",
        }
        for number, name, who, reason in entries
    ]
    return draw("emergency_cards" if detailed else "emergency_strip", numbers=numbers)
