"""A form's fields: labels, hints, errors that say how to mend, escaped."""

from __future__ import annotations

import pytest
from django import forms as django_forms
from django.template import Context, Template

from guichet.ui.forms import Form, HintedLabel
from guichet.ui.tests.gallery import GalleryForm


def drawn(form: django_forms.BaseForm, only: str = "") -> str:
    return Template("{% form_fields form only=only %}").render(
        Context({"form": form, "only": only})
    )


def test_optional_fields_say_so_and_required_ones_do_not():
    assert "(facultatif)" in drawn(GalleryForm(), "phone")
    assert "(facultatif)" not in drawn(GalleryForm(), "name")


def test_hint_and_error_are_tied_to_the_input():
    html = drawn(GalleryForm({"name": ""}), "name")
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_summary_leads_to_the_first_control_of_each_wrong_field():
    html = drawn(GalleryForm({}))
    assert 'href="#id_name"' in html
    assert 'href="#id_access_0"' in html
    assert 'id="id_access_0"' in html


def test_the_summary_stands_alone_above_fields_drawn_in_parts():
    html = Template("{% form_problems form %}").render(Context({"form": GalleryForm({})}))
    assert 'href="#id_name"' in html
    assert "<input" not in html
    assert (
        Template("{% form_problems form %}").render(Context({"form": GalleryForm()})).strip() == ""
    )


def test_a_question_is_followed_by_its_error_without_a_colon():
    class Question(Form):
        what = django_forms.CharField(label="Qu'est-ce qui est faux ?")
        where = django_forms.CharField(label="Où")

    html = drawn(Question({}))
    assert "est faux ? Remplissez ce champ" in html
    assert "Où\u00a0: Remplissez ce champ" in html


def test_choices_start_with_a_capital():
    class Topic(Form):
        topic = django_forms.ChoiceField(
            label="Sujet", choices=[("hours", "les horaires")], widget=django_forms.RadioSelect
        )

    assert ">Les horaires</label>" in drawn(Topic())


def test_hidden_fields_are_drawn_and_fields_left_out_are_not():
    html = drawn(GalleryForm(), "name,token")
    assert '<input type="hidden" name="token"' in html
    assert "Téléphone" not in html


@pytest.mark.parametrize(
    ("field", "answer", "advice"),
    [
        ("name", "", "Remplissez ce champ"),
        ("kind", "", "Choisissez une réponse"),
        ("sure", "", "Cochez cette case"),
        ("email", "nom@", "comme nom@exemple.fr"),
        ("day", "hier", "comme 31/12/2026"),
    ],
)
def test_errors_say_how_to_mend(field, answer, advice):
    assert advice in GalleryForm({field: answer}).errors[field][0]


def test_a_message_written_by_the_form_is_kept():
    class Own(Form):
        name = django_forms.CharField(error_messages={"required": "Dites votre nom."})

    assert Own({}).errors["name"] == ["Dites votre nom."]


def test_labels_hints_and_errors_are_escaped():
    class Hostile(Form):
        choice = django_forms.ChoiceField(
            label="<script>1</script>",
            choices=[("a", "<script>2</script>")],
            widget=django_forms.RadioSelect,
            error_messages={"required": "<script>3</script>"},
        )

    html = drawn(Hostile({}))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_a_library_form_is_drawn_like_ours():
    class Library(django_forms.Form):
        code = django_forms.CharField(label="Code reçu")

    html = drawn(Library({}))
    assert 'class="fr-input"' in html
    assert 'href="#id_code"' in html


def test_an_error_of_the_whole_form_heads_the_summary():
    form = GalleryForm({"name": "Mairie"})
    form.add_error(None, "Ce lieu est déjà fermé.")
    assert drawn(form, "name").count("Ce lieu est déjà fermé.") == 1


class CountedRadios(django_forms.RadioSelect):
    """A radio of an app."""


class HintedForm(Form):
    place = django_forms.ChoiceField(
        choices=[("a", HintedLabel("caf", "à 300 m & ouverte")), ("b", "mairie")],
        widget=CountedRadios,
    )


def test_a_choice_may_have_a_line_under_it():
    html = drawn(HintedForm())
    assert 'for="id_place_0">Caf <span class="fr-hint-text">à 300 m &amp; ouverte</span>' in html
    assert html.count("fr-hint-text") == 1


def test_a_radio_of_an_app_is_drawn_as_any_radio():
    html = drawn(HintedForm())
    assert html.count("fr-radio-group") == 2
    assert "<legend" in html
