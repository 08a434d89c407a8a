"""Forms on a page: the form itself, its fields with their errors, a search field."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString

from guichet.ui.components.drawing import draw, one_of
from guichet.ui.forms import BoundField

register = template.Library()


@register.simple_block_tag(takes_context=True)
def form(
    context: template.Context,
    content: str,
    action: str = "",
    method: str = "post",
    label: str = "",
    id: str = "",
    multipart: bool = False,
    signed: bool = True,
) -> SafeString:
    """A form; one that posts carries its CSRF token, except for a view that changes nothing of
    anybody's (`signed=False`), so that its page sets no cookie. `label` names it for screen
    readers."""
    return draw(
        "form",
        content=content,
        action=action,
        method=one_of(method, ("get", "post"), "form"),
        label=label,
        id=id,
        multipart=multipart,
        csrf_token=context.get("csrf_token", "") if signed else "",
    )


@register.simple_tag
def form_fields(form: forms.BaseForm, only: str = "", summary: bool = True) -> SafeString:
    """The fields (all, or those named in `only`, "a,b"), under a summary of their errors."""
    names = [name.strip() for name in only.split(",") if name.strip()] or list(form.fields)
    fields = [drawn_field(form, name) for name in names]
    visible = [field for field in fields if not field.is_hidden]
    return draw(
        "form_fields",
        fields=visible,
        hidden=[field for field in fields if field.is_hidden],
        problems=problems(form, fields) if summary and form.is_bound else [],
    )


@register.simple_tag
def form_problems(form: forms.BaseForm) -> SafeString:
    """The summary alone, for a form whose fields are drawn in several parts."""
    fields = [drawn_field(form, name) for name in form.fields]
    told = problems(form, fields) if form.is_bound else []
    return draw("form_fields", fields=[], hidden=[], problems=told)


def drawn_field(form: forms.BaseForm, name: str) -> forms.BoundField:
    """The field as our forms draw it, also when the form is a library's own."""
    field = form[name]
    return field if isinstance(field, BoundField) else BoundField(form, form.fields[name], name)


def problems(form: forms.BaseForm, fields: list[forms.BoundField]) -> list[dict[str, Any]]:
    """Each error of the form and of these fields, with where to mend it."""
    general = [
        {"text": text, "label": "", "is_question": False, "id": ""}
        for text in form.non_field_errors()
    ]
    return general + [
        {
            "text": text,
            "label": "" if field.is_hidden else field.label,
            "is_question": str(field.label).endswith("?"),
            "id": "" if field.is_hidden else first_input_id(field),
        }
        for field in fields
        for text in field.errors
    ]


def first_input_id(field: forms.BoundField) -> str:
    """The id of the first control of the field: a group of radio buttons has one for each."""
    if getattr(field.field.widget, "allow_multiple_selected", None) is not None:
        first = next(iter(field.subwidgets), None)
        if first is not None and first.id_for_label:
            return str(first.id_for_label)
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def search_field(
    name: str = "q",
    label: str = "Rechercher",
    value: str = "",
    hint: str = "",
    id: str = "",
    placeholder: str = "",
    autocomplete: str = "",
) -> SafeString:
    """A labelled search input, to stand in a form beside its `submit`."""
    return draw(
        "search_field",
        name=name,
        label=label,
        value=value,
        hint=hint,
        id=id or f"id_{name}",
        placeholder=placeholder,
        autocomplete=autocomplete,
    )


@register.simple_block_tag
def filters(content: str, label: str = "Filtrer") -> SafeString:
    """The fields and the button that narrow a list, in a compact row, inside a `form`."""
    return draw("filters", content=content, label=label)


@register.simple_tag
def tick_box(label: str, name: str, value: str = "oui", checked: bool = False) -> SafeString:
    """A box to tick outside of a form class: a preference, a filter."""
    return draw("tick_box", label=label, name=name, value=value, checked=checked)
