"""The forms of the project: label, hint, error that says how to mend, « (facultatif) ».

Every form derives from `Form` or `ModelForm`; fields are drawn by the design system's classes.
"""

from __future__ import annotations

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


class BoundField(forms.BoundField):
    """A field drawn with its label, hint and errors, each tied to the input for screen readers."""

    @property
    def template_name(self) -> str:
        own = getattr(self.field, "template_name", None)
        return own or FIELD_TEMPLATES.get(self.widget_type, "ui/fields/input.html")

    @property
    def is_marked_optional(self) -> bool:
        """True where the label says « (facultatif) »."""
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


class Drawn:
    """What `Form` and `ModelForm` share."""

    bound_field_class: type[forms.BoundField] | None = BoundField
    template_name = "ui/fields/form.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class Form(Drawn, forms.Form):
    """A plain form."""


class ModelForm(Drawn, forms.ModelForm):  # type: ignore[type-arg]
    """A form of a model."""
