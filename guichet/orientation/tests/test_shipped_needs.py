"""The shipped needs hold together, and loading them again touches nothing that the team edited."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from guichet.directory.reference_tables import shipped_kinds
from guichet.orientation.models import CatalogueVersion, Need, NeedAnswer, Synonym, Urgency
from guichet.orientation.needs_by_theme import THEMES, needs_by_theme
from guichet.orientation.procedures.sources import read_sheets
from guichet.orientation.reference_tables import load_reference, shipped_needs

NEEDS = list(shipped_needs())


def faults(check):
    return [(need["code"], fault) for need in NEEDS if (fault := check(need))]


def test_codes_and_titles_are_unique():
    for field in ("code", "title"):
        twice = [value for value, count in Counter(n[field] for n in NEEDS).items() if count > 1]
        assert twice == []


def test_every_service_is_of_a_kind_of_today_and_says_why():
    kinds = shipped_kinds()

    def check(need):
        return [
            service["kind"]
            for service in need.get("services", [])
            if service["kind"] not in kinds
            or kinds[service["kind"]].replaced_by
            or not service["why"].strip()
        ]

    assert faults(check) == []


def test_a_need_in_scope_has_a_service_and_one_out_of_scope_says_where_to_turn():
    def check(need):
        return not need["advice"] if need.get("out_of_scope") else not need.get("services")

    assert faults(check) == []


def test_where_only_some_places_do_it_the_page_can_say_which():
    def check(need):
        some = [one for one in need.get("services", []) if one.get("only_some")]
        return any(not one.get("find_url") for one in some) and not need["advice"]

    assert faults(check) == []


def test_every_sheet_named_is_in_the_catalogue():
    codes = {read.sheet.code for read in read_sheets() if read.sheet}
    assert faults(lambda need: set(need["procedures"]) - codes) == []


def test_every_address_is_whole_and_secure():
    def check(need):
        addresses = [one["url"] for one in need.get("online", [])]
        addresses += [one.get("find_url", "") for one in need.get("services", [])]
        return [
            url
            for url in addresses
            if url and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname)
        ]

    assert faults(check) == []


def test_urgencies_and_themes_are_known():
    assert faults(lambda need: need["urgent"] not in Urgency.values) == []
    assert {need["theme"] for need in NEEDS if not need.get("out_of_scope")} <= set(THEMES)


def test_no_phrase_leads_to_two_needs():
    said = Counter(phrase.casefold() for need in NEEDS for phrase in {*need["phrases"]})
    assert [phrase for phrase, count in said.items() if count > 1] == []


@pytest.mark.django_db
def test_all_of_them_are_there_once_the_tables_are():
    assert Need.objects.count() == len(NEEDS)
    assert NeedAnswer.objects.count() == sum(len(need.get("services", [])) for need in NEEDS)
    assert Synonym.objects.exists()
    assert sum(len(theme.needs) for theme in needs_by_theme()) == sum(
        not need.get("out_of_scope") for need in NEEDS
    )


@pytest.mark.django_db
def test_loading_again_keeps_what_the_team_edited():
    Need.objects.filter(code="demander-rsa").update(title="RSA", edited_at=timezone.now())
    Need.objects.filter(code="faire-passeport").update(title="changed")
    CatalogueVersion.objects.update(shipped="an earlier edition")
    load_reference()
    assert Need.objects.get(code="demander-rsa").title == "RSA"
    assert Need.objects.get(code="faire-passeport").title != "changed"


@pytest.mark.django_db
def test_a_need_no_longer_shipped_is_not_proposed_any_more():
    Need.objects.create(code="gone", title="Gone", theme="papiers", phrases=["gone"])
    Need.objects.create(
        code="ours", title="Ours", theme="papiers", phrases=["ours"], edited_at=timezone.now()
    )
    CatalogueVersion.objects.update(shipped="an earlier edition")
    load_reference()
    assert not Need.objects.get(code="gone").is_active
    assert Need.objects.get(code="ours").is_active


@pytest.mark.django_db
def test_the_same_edition_is_loaded_once(django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        load_reference()
