"""What the pages of coverage take in their address, read leniently."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from guichet.core.text import search_text
from guichet.directory.reference_tables import current_kind
from guichet.orientation.coverage.measures import FRANCE_SERVICES
from guichet.orientation.coverage.page import Choice
from guichet.ui.forms import Form


class KindForm(Form):
    """Another kind of place, among those that are measured."""

    marks_optional_fields = False
    type = forms.ChoiceField(label="Type de lieu", required=False)

    def __init__(self, *args: Any, choices: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {choice.kind: choice.label for choice in choices}
        field = self.fields["type"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(labels.items())


def asked(query: QueryDict) -> tuple[str, int | None]:
    """The kind, France services when none is named, and the limit in minutes when one is."""
    kind = current_kind(search_text(query.get("type", ""))) or FRANCE_SERVICES
    minutes = query.get("minutes", "")
    known = minutes.isascii() and minutes.isdigit() and len(minutes) <= 3
    return kind, int(minutes) if known else None
