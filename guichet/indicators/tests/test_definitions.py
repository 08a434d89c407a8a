"""Who defines what, what may still change once figures rest on it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.tests.factories import NetworkFactory
from guichet.indicators.actions.definitions import (
    create_indicator,
    create_version,
    edit_version,
    reinstate_indicator,
    retire_indicator,
)
from guichet.indicators.definitions.content import (
    VersionContent,
    bucket_words,
    content_of,
    faults_of,
)
from guichet.indicators.definitions.usage import is_used, periods_received
from guichet.indicators.models import Indicator, IndicatorVersion
from guichet.indicators.reference_tables import shipped_definitions
from guichet.indicators.tests.factories import BatchFactory, VersionFactory

SHARE = VersionContent(
    title="Appels décrochés",
    public_title="Un agent décroche",
    kind="share",
    counter_words={"part": "appels décrochés", "whole": "appels reçus"},
    target=Decimal(85),
)


@pytest.fixture
def own(network, lead):
    """An indicator of the network's own."""
    return create_indicator(code="appels", owner=network, content=SHARE, by=lead)


def receive(version, period="2026-01"):
    code = version.indicator.code
    return BatchFactory(contents=[[code, version.number, period, 3]])


def test_a_lead_defines_an_indicator_of_the_network(own, network, lead):
    assert (own.number, own.indicator.owner, own.target) == (1, network, Decimal(85))
    event = AuditEvent.objects.get(action="indicator.created")
    assert (event.actor, str(event.scope)) == (lead, network.scope_label)


def test_nobody_defines_for_another(network, lead, manager, publisher):
    other = NetworkFactory()
    for by, owner in ((lead, other), (lead, None), (manager, network), (publisher, network)):
        with pytest.raises(RuleViolation, match="n'est pas le vôtre"):
            create_indicator(code="appels", owner=owner, content=SHARE, by=by)
    assert not Indicator.objects.filter(code="appels").exists()


def test_publishers_define_the_programmes_own(publisher, administrator):
    create_indicator(code="un", owner=None, content=SHARE, by=publisher)
    create_indicator(code="deux", owner=None, content=SHARE, by=administrator)
    assert Indicator.objects.filter(code__in=("un", "deux"), owner=None).count() == 2


@pytest.mark.parametrize("code", ["Délai", "a b", "", "-x", "creer", "a\n"])
def test_a_code_that_no_file_could_hold_is_refused(network, lead, code):
    with pytest.raises(RuleViolation, match="ne peut pas être un code"):
        create_indicator(code=code, owner=network, content=SHARE, by=lead)


def test_a_code_is_taken_once(own, lead, network):
    with pytest.raises(RuleViolation, match="déjà pris"):
        create_indicator(code="appels", owner=network, content=SHARE, by=lead)


def test_everything_may_change_until_a_batch_is_accepted(own, lead):
    BatchFactory(outcome="refused", contents=[["appels", 1, "2026-01", 3]])
    assert edit_version(version=own, content=replace(SHARE, minimum=20), by=lead)
    own.refresh_from_db()
    assert own.minimum == 20


def test_a_version_used_by_a_batch_keeps_all_but_its_words(own, lead):
    receive(own)
    reworded = replace(SHARE, title="Appels pris", counter_words={"part": "pris", "whole": "reçus"})
    assert edit_version(version=own, content=reworded, by=lead)
    for name, value in (
        ("minimum", 20),
        ("margin", Decimal(5)),
        ("target", None),
        ("nature", "sample"),
        ("direction", "lower"),
        ("method", "autrement"),
        ("is_summed", False),
    ):
        with pytest.raises(RuleViolation, match="créez une nouvelle version"):
            edit_version(version=own, content=replace(reworded, **{name: value}), by=lead)
    own.refresh_from_db()
    assert content_of(own) == reworded


def test_a_withdrawn_batch_still_holds_the_version(own):
    batch = receive(own)
    batch.withdrawn_at, batch.withdrawal_reason = batch.received_at, "essai"
    batch.save()
    assert is_used(own)


def test_another_version_of_the_same_rows_count_does_not_use_it(own):
    BatchFactory(contents=[["appels", 2, "2026-01", 1], ["autre", 1, "2026-01", 1]])
    assert not is_used(own)
    assert list(periods_received(own)) == []


def test_a_changed_definition_is_a_new_version_that_says_what_changes(own, lead):
    receive(own)
    made = create_version(
        indicator=own.indicator,
        content=replace(SHARE, minimum=20),
        change_note="Le minimum passe à 20.",
        by=lead,
    )
    assert (made.number, made.minimum, made.change_note) == (2, 20, "Le minimum passe à 20.")
    own.refresh_from_db()
    assert own.minimum == 10


def test_a_version_without_a_change_or_a_word_on_it_is_refused(own, lead):
    with pytest.raises(RuleViolation, match="Rien ne change"):
        create_version(indicator=own.indicator, content=SHARE, change_note="rien", by=lead)
    changed = replace(SHARE, minimum=20)
    with pytest.raises(RuleViolation, match="ce qui change"):
        create_version(indicator=own.indicator, content=changed, change_note=" ", by=lead)


def test_a_retired_indicator_takes_no_version_until_it_is_back(own, lead):
    retire_indicator(indicator=own.indicator, by=lead)
    changed = replace(SHARE, minimum=20)
    with pytest.raises(RuleViolation, match="retiré"):
        create_version(indicator=own.indicator, content=changed, change_note="x", by=lead)
    reinstate_indicator(indicator=own.indicator, by=lead)
    create_version(indicator=own.indicator, content=changed, change_note="x", by=lead)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-3:] == [
        "indicator.retired",
        "indicator.reinstated",
        "indicator.version_created",
    ]


def test_shipped_definitions_have_no_fault(db):
    versions = IndicatorVersion.objects.all()
    assert len(versions) >= len(shipped_definitions()) > 0
    for version in versions:
        assert list(faults_of(content_of(version))) == [], version


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"counter_words": {"part": "a"}}, "words_whole"),
        ({"target": Decimal(101)}, "target"),
        ({"direction": "none"}, "target"),
        ({"bounds": [Decimal(7)]}, "bounds"),
        ({"minimum": 0}, "minimum"),
        ({"margin": Decimal(-1)}, "margin"),
        ({"unit": "day"}, "unit"),
    ],
)
def test_each_fault_is_told_on_its_field(change, field):
    assert field in dict(faults_of(replace(SHARE, **change)))


@pytest.mark.parametrize(
    ("bounds", "reference", "field"),
    [
        ([], None, "bounds"),
        ([15, 7], 7, "bounds"),
        ([7, 7], 7, "bounds"),
        ([0, 7], 7, "bounds"),
        (list(range(1, 13)), 7, "bounds"),
        ([7, 15], 8, "reference_bound"),
        ([7, 15], None, "reference_bound"),
    ],
)
def test_buckets_go_up_and_hold_the_reference(bounds, reference, field):
    decimals = [Decimal(bound) for bound in bounds]
    content = replace(
        SHARE,
        kind="distribution",
        unit="day",
        bounds=decimals,
        reference_bound=None if reference is None else Decimal(reference),
        counter_words=bucket_words(decimals, "day"),
    )
    assert field in dict(faults_of(content))


def test_buckets_are_worded_from_their_bounds():
    words = bucket_words([Decimal(7), Decimal("15.50")], "day")
    assert words == {
        "b1": "jusqu'à 7\u00a0jours",
        "b2": "plus de 7, jusqu'à 15,5\u00a0jours",
        "b3": "plus de 15,5\u00a0jours",
    }


def test_a_shared_version_of_the_factory_is_sound():
    assert list(faults_of(content_of(VersionFactory.build()))) == []


def test_a_distribution_is_never_kept_without_its_reference_bound(db):
    with pytest.raises(IntegrityError, match="version_distribution_has_reference"):
        VersionFactory(kind="distribution", bounds=[Decimal(7)], reference_bound=None)


def test_under_ten_cases_is_for_the_programme_to_allow(own, network, lead, administrator):
    low = replace(SHARE, minimum=9)
    with pytest.raises(RuleViolation, match="peut parler d'une personne"):
        create_indicator(code="bas", owner=network, content=low, by=lead)
    with pytest.raises(RuleViolation, match="peut parler d'une personne"):
        create_version(indicator=own.indicator, content=low, change_note="Moins.", by=lead)
    with pytest.raises(RuleViolation, match="peut parler d'une personne"):
        edit_version(version=own, content=low, by=lead)
    own.refresh_from_db()
    assert own.minimum == 10
    assert edit_version(version=own, content=low, by=administrator)
    assert edit_version(version=own, content=replace(low, title="Appels pris"), by=lead)
    with pytest.raises(RuleViolation, match="peut parler d'une personne"):
        edit_version(
            version=own, content=replace(low, title="Appels pris", margin=Decimal(1)), by=lead
        )


def test_publishers_lower_the_minimum_of_the_programmes_own(publisher):
    made = create_indicator(code="un", owner=None, content=replace(SHARE, minimum=1), by=publisher)
    assert made.minimum == 1
