"""What an app adds to pages and jobs that stand below it, registered in `AppConfig.ready`.

Owns the registries; refuses to know who fills them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")

LICENCE_OUVERTE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
"""Licence Ouverte 2.0: free use with the source and the date."""


class Registry(Generic[Item]):
    """An ordered set of contributions; registering the same name twice replaces the first."""

    def __init__(self, name_of: Callable[[Item], str]) -> None:
        self._name_of = name_of
        self._items: dict[str, Item] = {}

    def register(self, item: Item) -> None:
        self._items[self._name_of(item)] = item

    def __iter__(self) -> Iterator[Item]:
        return iter(list(self._items.values()))


@dataclass(frozen=True)
class MenuEntry:
    """A link; `menu` is "main", "tools" (header), "agents" or "footer", `shown_to` takes a user."""

    menu: str
    label: str
    url_name: str
    rank: int
    shown_to: Callable[[object], bool] = lambda user: True


@dataclass(frozen=True)
class PageAction:
    """A button that an app adds to the page of one thing of an app below; `page` names that page,
    `address` takes the thing, `shown_to` a user and the thing."""

    page: str
    label: str
    address: Callable[[Any], str]
    shown_to: Callable[[object, Any], bool]
    rank: int = 10
    icon: str = ""


@dataclass(frozen=True)
class PageLink:
    """A `PageAction` for one thing, ready to draw."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class HealthCheck:
    """`check` returns nothing when all is well, or a French sentence saying what is not.

    Anybody may read the sentence: it names neither file nor machine. A check that
    `needs_database` is not asked when the database does not answer. What is only a notice is told,
    and never makes the installation unready: people have to act, not the machine.
    """

    name: str
    check: Callable[[], str | None]
    needs_database: bool = True
    is_notice: bool = False


@dataclass(frozen=True)
class RetentionRule:
    """Personal data that is kept: what, why, how long; `erase` returns how many were erased.

    Source of the duty: GDPR, article 5(1)(e); the register is that of article 30.
    """

    name: str
    what: str
    why: str
    kept_for: timedelta
    erase: Callable[[], int]


@dataclass(frozen=True)
class ApiRouter:
    """The part of the API under `prefix` ("/communes"), a `ninja.Router`."""

    prefix: str
    router: object


@dataclass(frozen=True)
class Suggestion:
    """Where a search may rather lead: a label, an address, and the numbers to call first when it
    is urgent ("17 3919")."""

    label: str
    url: str
    urgent_numbers: str = ""


@dataclass(frozen=True)
class SearchSuggester:
    """What an app suggests for words that name no kind of place: `suggest(what, where)`."""

    name: str
    suggest: Callable[[str, str], list[Suggestion]]


@dataclass(frozen=True)
class OpenColumn:
    """A column of an open table. `kind` is string, integer, number, boolean, date or datetime;
    `source` names whose name it is when it is not ours. `heading` is its name in the CSV file where
    an official file gives it another than `name`."""

    name: str
    label: str
    kind: str
    description: str
    source: str = ""
    heading: str = ""

    @property
    def csv_name(self) -> str:
        return self.heading or self.name


@dataclass(frozen=True)
class OpenTable:
    """A table that anybody may download.

    `rows` streams values in the order of `columns`, of the Python type of their kind or None; it
    holds no table in memory. `stamp` changes when the rows do: files are made again then.
    `frequency` is a code of the European vocabulary ("DAILY", "IRREG"), said in words by
    `frequency_label`.
    """

    name: str
    title: str
    description: str
    columns: tuple[OpenColumn, ...]
    rows: Callable[[], Iterator[Sequence[Any]]]
    stamp: Callable[[], str]
    frequency: str
    frequency_label: str
    licence: str = LICENCE_OUVERTE
    rank: int = 10


api_routers: Registry[ApiRouter] = Registry(lambda entry: entry.prefix)
menu_entries: Registry[MenuEntry] = Registry(lambda entry: f"{entry.menu}:{entry.url_name}")
open_tables: Registry[OpenTable] = Registry(lambda table: table.name)
page_actions: Registry[PageAction] = Registry(lambda action: f"{action.page}:{action.label}")
health_checks: Registry[HealthCheck] = Registry(lambda check: check.name)
search_suggesters: Registry[SearchSuggester] = Registry(lambda suggester: suggester.name)
retention_rules: Registry[RetentionRule] = Registry(lambda rule: rule.name)


def menu(name: str, user: object) -> list[MenuEntry]:
    """The entries of one menu that `user` may see, in order."""
    entries = (entry for entry in menu_entries if entry.menu == name and entry.shown_to(user))
    return sorted(entries, key=lambda entry: (entry.rank, entry.label))


def suggestions_for(what: str, where: str) -> list[Suggestion]:
    """What the apps suggest for words that name no kind of place."""
    return [one for each in search_suggesters for one in each.suggest(what, where)]


def actions_on(page: str, thing: object, user: object) -> list[PageLink]:
    """What higher apps offer to `user` on the page of `thing`, in order."""
    offered = (one for one in page_actions if one.page == page and one.shown_to(user, thing))
    return [
        PageLink(one.label, one.address(thing), one.icon)
        for one in sorted(offered, key=lambda one: (one.rank, one.label))
    ]
