"""The forms of the project: label, hint, error that says how to mend, « (facultatif) ».

Every form derives from `Form` or `ModelForm`; fields are drawn by the design system's classes.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.forms import widgets

FIELD_TEMPLATES = {
    "checkbox": "ui/fields/checkbox.html",
    "checkboxselectmultiple": "ui/fields/choices.html",
    "radioselect": "ui/fields/choices.html",
    "clearablefile": "ui/fields/file.html",
    "file": "ui/fields/file.html",
}


class HintedLabel(str):
    """The label of a choice, with a line in small letters under it."""

    hint: str

    def __new__(cls, label: str, hint: str = "") -> HintedLabel:
        made = super().__new__(cls, label)
        made.hint = hint
        return made


class BoundField(forms.BoundField):
    """A field drawn with its label, hint and errors, each tied to the input for screen readers."""

    @property
    def template_name(self) -> str:
        own = getattr(self.field, "template_name", None)
        return own or FIELD_TEMPLATES.get(self.widget_type, "ui/fields/input.html")

    @property
    def widget_type(self) -> str:
        """Django's name of the widget; a radio of ours is drawn as a radio."""
        widget = self.field.widget
        several = isinstance(widget, widgets.CheckboxSelectMultiple)
        is_radio = isinstance(widget, widgets.RadioSelect) and not several
        return "radioselect" if is_radio else super().widget_type

    @property
    def is_marked_optional(self) -> bool:
        """True where the label says « (facultatif) »; never in a form of filters."""
        if not getattr(self.form, "marks_optional_fields", True):
            return False
        return not self.field.required and not self.field.disabled

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        drawn_class = input_class(widget or self.field.widget)
        return {**built, "class": drawn_class} if drawn_class else built


def input_class(widget: forms.Widget) -> str:
    """The design system's class of an input, empty for those drawn as a group."""
    declared = str(widget.attrs.get("class", ""))
    if isinstance(widget, widgets.Input) and widget.input_type in ("checkbox", "radio"):
        return declared
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return declared
    if isinstance(widget, widgets.Select):
        return f"fr-select {declared}".strip()
    if isinstance(widget, widgets.FileInput):
        return f"fr-upload {declared}".strip()
    return f"fr-input {declared}".strip()


def required_message(field: forms.Field) -> str:
    """How to mend a missing answer, by the sort of field."""
    if isinstance(field, forms.BooleanField):
        return "Cochez cette case pour continuer."
    if isinstance(field, forms.FileField):
        return "Choisissez un fichier."
    if isinstance(field, forms.MultipleChoiceField):
        return "Choisissez au moins une réponse."
    if isinstance(field, forms.ChoiceField):
        return "Choisissez une réponse."
    return "Remplissez ce champ : il est obligatoire."


INVALID_MESSAGES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.EmailField, "Écrivez une adresse électronique complète, comme nom@exemple.fr."),
    (forms.URLField, "Écrivez une adresse complète, comme https://www.exemple.fr."),
    (forms.DateField, "Écrivez une date comme 31/12/2026."),
    (forms.TimeField, "Écrivez une heure comme 08:30."),
    (forms.IntegerField, "Écrivez un nombre entier, en chiffres."),
)


def explain_errors(field: forms.Field) -> None:
    """Replaces Django's general messages, never those that the form wrote itself."""
    if is_djangos_own(field, "required"):
        field.error_messages["required"] = required_message(field)
    for kind, message in INVALID_MESSAGES:
        if isinstance(field, kind) and is_djangos_own(field, "invalid"):
            field.error_messages["invalid"] = message
            field.validators = [with_message(check, message) for check in field.validators]


def is_djangos_own(field: forms.Field, code: str) -> bool:
    written = [
        kind.__dict__["default_error_messages"][code]
        for kind in type(field).__mro__
        if code in kind.__dict__.get("default_error_messages", {})
    ]
    return field.error_messages.get(code) in written or not written


def with_message(check: Any, message: str) -> Any:
    """The validator, saying `message` where it only said that the value is invalid."""
    if getattr(check, "code", "") != "invalid" or not hasattr(check, "message"):
        return check
    told = copy(check)
    told.message = message
    return told


class Drawn:
    """What `Form` and `ModelForm` share."""

    bound_field_class: type[forms.BoundField] | None = BoundField
    template_name = "ui/fields/form.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            explain_errors(field)


class Form(Drawn, forms.Form):
    """A plain form."""


class ModelForm(Drawn, forms.ModelForm):  # type: ignore[type-arg]
    """A form of a model."""
