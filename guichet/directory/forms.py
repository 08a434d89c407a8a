"""The search form of services."""

from __future__ import annotations

from typing import Any

from django import forms

from guichet.core.text import search_text
from guichet.directory.models import StructureKind
from guichet.directory.nearby import Point
from guichet.directory.search import SearchWish, read_words
from guichet.ui.forms import Form


class SearchForm(Form):
    """What `/services/` takes in its address. Never refuses: a value that makes no sense is
    ignored, because an address may be old or cut."""

    marks_optional_fields = False

    quoi = forms.CharField(
        label="Quel service ?",
        help_text="Par exemple : mairie, CAF, impôts",
        required=False,
    )
    ou = forms.CharField(
        label="Où ?", help_text="Une ville, un village ou un code postal", required=False
    )
    type = forms.ModelChoiceField(
        StructureKind.objects.none(), label="Type de lieu", required=False, empty_label="Tous"
    )
    ouvert = forms.BooleanField(label="Ouvert en ce moment", required=False)
    accessible = forms.BooleanField(label="Accessible en fauteuil roulant", required=False)
    rdv = forms.BooleanField(label="Reçoit sur rendez-vous", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["type"].queryset = StructureKind.objects.filter(is_common=True)  # type: ignore[attr-defined]

    def wish(self) -> SearchWish:
        """What is asked, read leniently from the raw values."""
        self.is_valid()
        what = search_text(self.data.get("quoi", ""))
        where = search_text(self.data.get("ou", ""))
        words = search_text(self.data.get("q", ""))
        if words and not what and not where:
            what, where = read_words(words)
        return SearchWish(
            what=what,
            where=where,
            kind_code=search_text(self.data.get("type", "")),
            origin=self.origin(),
            open_now=bool(self.data.get("ouvert")),
            accessible=bool(self.data.get("accessible")),
            by_appointment=bool(self.data.get("rdv")),
            page=self.page(),
        )

    def origin(self) -> Point | None:
        """The visitor's position, when the browser gave it."""
        try:
            point = Point(float(self.data.get("lat", "")), float(self.data.get("lon", "")))
        except ValueError:
            return None
        on_earth = -90 <= point.latitude <= 90 and -180 <= point.longitude <= 180
        return point if on_earth else None

    def page(self) -> int:
        page = self.data.get("page", "1")
        return int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
