"""Fields that read one value as `entries` does, and forms drawn in groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guichet.core.errors import RuleViolation
from guichet.ui.forms import Form


class EntryField(forms.CharField):
    """A text read by a function of `entries`; an empty one gives `empty`."""

    def __init__(self, read: Callable[[str], Any], *, empty: Any = "", **options: Any) -> None:
        super().__init__(**options)
        self.read = read
        self.empty = empty

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return self.empty
        try:
            return self.read(text)
        except RuleViolation as error:
            raise ValidationError(str(error)) from error


def lines_field(read: Callable[[str], list[str]], *, height: int = 3, **options: Any) -> EntryField:
    """Several values, one a line."""
    widget = forms.Textarea(attrs={"rows": height})
    return EntryField(read, empty=[], required=False, widget=widget, **options)


@dataclass(frozen=True)
class FieldRow:
    """The names of one field, or of two side by side."""

    first: str
    second: str = ""


@dataclass(frozen=True)
class FieldGroup:
    """Rows of fields that stand together under a title."""

    title: str
    rows: tuple[FieldRow, ...]
    hint: str = ""


def rows(*names: str) -> tuple[FieldRow, ...]:
    """Rows from names; "a,b" are side by side."""
    return tuple(FieldRow(*name.split(",")) for name in names)


class GroupedForm(Form):
    """A form drawn group by group: see `directory/agents/_groups.html`."""

    def groups(self) -> list[FieldGroup]:
        raise NotImplementedError
