"""One grain at a time for a network and version, and none that changes within a year."""

from __future__ import annotations

from datetime import date

import pytest

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.tests.factories import NetworkFactory
from guichet.indicators.actions.definitions import retire_indicator
from guichet.indicators.actions.grains import (
    GrainContent,
    declare_grain,
    edit_grain,
    end_grain,
    remove_grain,
)
from guichet.indicators.grains_in_force import grain_on, grains_on, nearest_grain
from guichet.indicators.models import DeclaredValue, Grain
from guichet.indicators.tests.factories import (
    BatchFactory,
    GrainFactory,
    IndicatorFactory,
    VersionFactory,
)

MONTHLY = GrainContent("site", "month", "2025-03", "site")


@pytest.fixture
def version(db):
    return VersionFactory()


def content(level="site", kind="month", first="2026-01", published="", cuts=None):
    return GrainContent(level, kind, first, published or level, cuts or {})


def declared(network, version, by, **options):
    return declare_grain(network=network, version=version, content=content(**options), by=by)


def receive(network, version, period):
    return BatchFactory(
        network=network, contents=[[version.indicator.code, version.number, period, 1]]
    )


def test_the_first_grain_begins_at_any_period(network, version, lead):
    grain = declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    assert (grain.first_period, grain.source, grain.ended_on) == ("2025-03", "network", None)
    assert str(AuditEvent.objects.get(action="grain.declared").scope) == network.scope_label


def test_another_grain_ends_the_one_before_on_31_december(network, version, lead):
    first = declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    declared(network, version, lead, level="departement", kind="quarter", first="2026-Q1")
    first.refresh_from_db()
    assert first.ended_on == date(2025, 12, 31)
    assert Grain.objects.filter(network=network, ended_on=None).count() == 1


@pytest.mark.parametrize(
    ("kind", "first"), [("month", "2026-02"), ("day", "2026-01-02"), ("quarter", "2026-Q2")]
)
def test_a_grain_changes_on_a_1_january_only(network, version, lead, kind, first):
    declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    with pytest.raises(RuleViolation, match="qu'au 1er janvier"):
        declared(network, version, lead, kind=kind, first=first)


def test_weeks_change_on_the_first_iso_week(network, version, lead):
    declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    with pytest.raises(RuleViolation, match="qu'au 1er janvier"):
        declared(network, version, lead, kind="week", first="2026-W02")
    declared(network, version, lead, kind="week", first="2026-W01")
    assert Grain.objects.get(network=network, period_kind="month").ended_on == date(2025, 12, 28)


def test_a_grain_does_not_begin_before_another(network, version, lead):
    declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    with pytest.raises(RuleViolation, match="commencer après"):
        declared(network, version, lead, first="2025-01")


def test_a_grain_does_not_change_under_accepted_figures(network, version, lead):
    declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    receive(network, version, "2026-01")
    with pytest.raises(RuleViolation, match="2026-01"):
        declared(network, version, lead, kind="quarter", first="2026-Q1")
    declared(network, version, lead, kind="quarter", first="2027-Q1")


def test_declared_values_keep_their_periods(network, version, lead):
    DeclaredValue.objects.create(
        network=network,
        version=version,
        level="nation",
        place="FR",
        period="2026-01",
        value=1,
        source="rapport",
        batch=BatchFactory(network=network, content="declared"),
    )
    with pytest.raises(RuleViolation, match="valeurs déclarées"):
        declared(network, version, lead, first="2026-01")
    declared(network, version, lead, first="2026-02")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"level": "departement", "published": "site"}, "plus fin"),
        ({"first": "2026-Q1"}, "un mois, comme 2026-01"),
        ({"first": "janvier"}, "n'est pas une période"),
        ({"cuts": {"seule": "une"}}, "au moins deux"),
        ({"cuts": {"a b": "un", "c": "deux"}}, "code d'une coupe"),
        ({"cuts": {"a": "", "c": "deux"}}, "quelques mots"),
        ({"cuts": {f"c{rank}": "mots" for rank in range(201)}}, "200 au plus"),
    ],
)
def test_what_is_badly_chosen_says_how_to_mend_it(network, version, lead, options, words):
    with pytest.raises(RuleViolation, match=words):
        declared(network, version, lead, **options)


def test_a_grain_of_what_is_not_summed_is_published_where_it_is_sent(network, lead):
    version = VersionFactory(indicator__code="qualite", is_summed=False)
    with pytest.raises(RuleViolation, match="ne s'additionne pas"):
        declared(network, version, lead, published="departement")


def test_a_network_sends_neither_anothers_indicator_nor_a_retired_one(network, version, lead):
    other = VersionFactory(indicator=IndicatorFactory(code="autre", owner=NetworkFactory()))
    with pytest.raises(RuleViolation, match="autre réseau"):
        declared(network, other, lead)
    mine = VersionFactory(indicator=IndicatorFactory(code="mien", owner=network))
    retire_indicator(indicator=mine.indicator, by=lead)
    with pytest.raises(RuleViolation, match="retiré"):
        declared(network, mine, lead)


def test_only_who_leads_the_network_declares(network, version, manager, publisher):
    for by in (manager, publisher):
        with pytest.raises(RuleViolation, match="pilote"):
            declared(network, version, by)


def test_an_ended_grain_still_forbids_a_start_within_the_year(network, version, lead):
    first = declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    end_grain(grain=first, last_period="2026-03", by=lead)
    first.refresh_from_db()
    assert first.ended_on == date(2026, 3, 31)
    with pytest.raises(RuleViolation, match="2026"):
        declared(network, version, lead, kind="quarter", first="2026-Q1")
    declared(network, version, lead, kind="quarter", first="2027-Q1")
    first.refresh_from_db()
    assert first.ended_on == date(2026, 3, 31)


def test_an_end_keeps_what_was_accepted(network, version, lead):
    grain = declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    receive(network, version, "2026-04")
    with pytest.raises(RuleViolation, match="2026-04"):
        end_grain(grain=grain, last_period="2026-03", by=lead)
    end_grain(grain=grain, last_period="2026-04", by=lead)


def test_a_declaration_is_undone_until_figures_came(network, version, lead):
    first = declare_grain(network=network, version=version, content=MONTHLY, by=lead)
    second = declared(network, version, lead, kind="quarter", first="2026-Q1")
    remove_grain(grain=second, by=lead)
    first.refresh_from_db()
    assert first.ended_on is None
    receive(network, version, "2025-03")
    with pytest.raises(RuleViolation, match="ne s'efface plus"):
        remove_grain(grain=first, by=lead)


def test_delay_and_words_change_at_any_time_but_not_the_cuts(network, version, lead):
    cuts = {"courrier": "par courrier", "en-ligne": "en ligne"}
    grain = declared(network, version, lead, cuts=cuts)
    edit_grain(grain=grain, due_days=45, cut_words={**cuts, "courrier": "lettres"}, by=lead)
    grain.refresh_from_db()
    assert (grain.due_days, grain.cut_words["courrier"]) == (45, "lettres")
    with pytest.raises(RuleViolation, match="coupes"):
        edit_grain(grain=grain, due_days=45, cut_words={"a": "b", "c": "d"}, by=lead)


def test_a_grain_declared_for_next_year_holds_nothing_until_it_begins(version):
    first = GrainFactory(version=version, ended_on=date(2026, 12, 31))
    second = GrainFactory(network=first.network, version=version, first_period="2027-01")
    grains = [first, second]
    assert grain_on(grains, date(2026, 12, 31)) == first
    assert grain_on(grains, date(2027, 1, 1)) == second
    assert grain_on(grains, date(2025, 12, 31)) is None
    assert grains_on(grains, date(2026, 12, 31), key=lambda one: one.version_id) == {
        version.pk: first
    }


def test_a_day_without_a_grain_has_a_nearest_one(version):
    first = GrainFactory(version=version, ended_on=date(2026, 3, 31))
    second = GrainFactory(network=first.network, version=version, first_period="2027-01")
    grains = [second, first]
    assert nearest_grain(grains, date(2026, 6, 1)) == first
    assert nearest_grain(grains, date(2025, 6, 1)) == first
    assert nearest_grain(grains, date(2027, 6, 1)) == second
    assert nearest_grain([], date(2027, 6, 1)) is None
