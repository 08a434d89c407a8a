"""A structure sees its own figures before they are published, and says what it contests."""

from __future__ import annotations

import pytest

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone
from guichet.indicators.actions.batches import ALWAYS, receive_batch, withdraw_batch
from guichet.indicators.actions.comments import comment_figure
from guichet.indicators.lake import rows_path
from guichet.indicators.models import Batch, FigureComment, Grain
from guichet.indicators.own_figures import has_figure, own_indicators
from guichet.indicators.tests.factories import GrainFactory, VersionFactory
from guichet.indicators.tests.sendings import accepted

URL = "/agents/structures/caf-lille/chiffres/"
GOOD = [("caf-lille", "2026-01", 80, 100), ("caf-roubaix", "2026-01", 45, 60)]
SAID = {"text": "Le standard était en panne.", "signed_as": "la direction"}


@pytest.fixture
def grain(network, site, sibling, lake):
    return GrainFactory(network=network, version=VersionFactory())


@pytest.fixture
def sent(network, grain, tmp_path):
    return accepted(network, GOOD, tmp_path)


def figures(structure):
    return [
        (figure.period, figure.value, figure.batch)
        for own in own_indicators(structure)
        for figure in own.figures
    ]


def test_the_highest_batch_that_counts_wins(network, site, sent, tmp_path, lead):
    later = accepted(network, [("caf-lille", "2026-01", 85, 100)], tmp_path)
    assert figures(site) == [("2026-01", "85,0\u00a0%", later.number)]
    withdraw_batch(batch=later, by=lead, reason="essai")
    assert figures(site) == [("2026-01", "80,0\u00a0%", sent.number)]


def test_rows_of_another_source_than_the_grains_do_not_count(network, site, sent, grain, tmp_path):
    later = accepted(network, [("caf-lille", "2026-01", 85, 100)], tmp_path)
    Batch.objects.filter(pk=later.pk).update(source="appels")
    assert figures(site) == [("2026-01", "80,0\u00a0%", sent.number)]
    assert has_figure(site, grain.version, "2026-01")
    Grain.objects.update(source="appels")
    assert figures(site) == [("2026-01", "85,0\u00a0%", later.number)]


def test_a_figure_is_looked_for_in_the_newest_batch_that_may_hold_it(
    network, site, sibling, sent, grain, tmp_path
):
    accepted(network, [("caf-lille", "2026-02", 85, 100)], tmp_path)
    rows_path(sent).unlink()
    assert has_figure(site, grain.version, "2026-02")
    assert not has_figure(sibling, grain.version, "2026-02")
    assert not has_figure(site, grain.version, "2026-03")


def test_the_latest_period_comes_first(network, site, sent, tmp_path):
    lines = [("caf-lille", f"2026-0{month}", 0, 0) for month in (2, 3)]
    accepted(network, lines, tmp_path)
    assert [(code, value) for code, value, _ in figures(site)] == [
        ("2026-03", "aucun cas"),
        ("2026-02", "aucun cas"),
        ("2026-01", "80,0\u00a0%"),
    ]


def test_cuts_are_added_and_shown_apart(network, site, lake, tmp_path):
    GrainFactory(
        network=network,
        version=VersionFactory(),
        cuts=["courrier", "en-ligne"],
        cut_words={"courrier": "par courrier", "en-ligne": "en ligne"},
    )
    path = tmp_path / "cuts.csv"
    path.write_text(
        "indicateur;version;structure;periode;coupe;partie;total\n"
        "decroche;1;caf-lille;2026-01;courrier;5;7\n"
        "decroche;1;caf-lille;2026-01;en-ligne;45;50\n"
    )
    batch = receive_batch(path=path, file_name="c.csv", network=network, accept=ALWAYS)
    assert batch.outcome == "accepted", batch.faults
    (own,) = own_indicators(site)
    (figure,) = own.figures
    assert (figure.value, figure.is_small) == ("87,7\u00a0%", True)
    assert [(words, value) for words, value, _ in figure.cuts] == [
        ("par courrier", "71,4\u00a0%"),
        ("en ligne", "90,0\u00a0%"),
    ]


def test_the_page_never_shows_another_structures_figures(client, sent, manager):
    client.force_login(manager)
    page = text_of(client.get(URL))
    assert "80 appels décrochés, 100 appels reçus" in page
    assert "45 appels décrochés" not in page
    assert client.get("/agents/structures/caf-roubaix/chiffres/").status_code == 404


def test_the_structures_page_leads_to_its_figures(client, sent, manager):
    client.force_login(manager)
    assert URL in client.get("/agents/structures/caf-lille/").content.decode()


def test_nothing_sent_is_said(client, grain, manager):
    client.force_login(manager)
    assert "n'a encore rien envoyé" in text_of(client.get(URL))


def test_a_comment_is_signed_dated_and_withdrawn(client, sent, site):
    responder = someone(Role.RESPONDER, site)
    client.force_login(responder)
    page = text_of(client.post(f"{URL}decroche/1/2026-01/", SAID, follow=True))
    assert "Le standard était en panne." in page
    assert "Signé : la direction" in page
    comment = FigureComment.objects.get()
    assert (comment.by, comment.structure, comment.period) == (responder, site, "2026-01")
    page = text_of(client.post(f"{URL}commentaires/{comment.pk}/retirer/", follow=True))
    assert "Signé :" not in page
    comment.refresh_from_db()
    assert comment.withdrawn_at is not None
    actions = AuditEvent.objects.filter(action__startswith="comment").order_by("pk")
    assert [event.action for event in actions] == ["comment.published", "comment.withdrawn"]


def test_a_reader_neither_comments_nor_withdraws(client, sent, site, grain):
    client.force_login(someone(Role.READER, site))
    assert client.get(URL).status_code == 200
    assert client.post(f"{URL}decroche/1/2026-01/", SAID).status_code == 404
    assert not FigureComment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "court"}, "Écrivez de 10"),
        ({"text": "x" * 1_001}, "1"),
        ({"signed_as": "  "}, "Remplissez ce champ"),
    ],
)
def test_a_comment_badly_written_says_how_to_mend_it(client, sent, manager, fields, words):
    client.force_login(manager)
    page = text_of(client.post(f"{URL}decroche/1/2026-01/", {**SAID, **fields}))
    assert words in page
    assert not FigureComment.objects.exists()


def test_only_a_figure_that_exists_is_commented_and_once(site, sent, manager, grain):
    said = {"structure": site, "version": grain.version, "by": manager, **SAID}
    with pytest.raises(RuleViolation, match="pas de chiffre"):
        comment_figure(period="2026-02", **said)
    comment_figure(period="2026-01", **said)
    with pytest.raises(RuleViolation, match="déjà un commentaire"):
        comment_figure(period="2026-01", **said)


def test_html_in_a_comment_is_text(client, sent, manager):
    client.force_login(manager)
    said = {**SAID, "text": "<script>alert(1)</script> bonjour"}
    page = client.post(f"{URL}decroche/1/2026-01/", said, follow=True).content.decode()
    assert "<script>alert" not in page
