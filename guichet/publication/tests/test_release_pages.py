"""The publisher's pages: the preview, asking for an edition, following it, one edition."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from guichet.accounts.models import AuditEvent
from guichet.directory.models import Role, Structure
from guichet.directory.tests.factories import someone
from guichet.indicators.models import Batch
from guichet.publication.actions.releases import last_day_of_month_before, publish_asked
from guichet.publication.forms.releases import name_for
from guichet.publication.models import CorrectedFigure, Release
from guichet.publication.releasing.preview import preview_release
from guichet.publication.tests.example_releases import FIRST_THROUGH, SECOND_THROUGH
from guichet.publication.tests.factories import ReleaseFactory
from guichet.publication.tests.small_releases import prepare, publish, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


@pytest.fixture
def publisher(client):
    person = someone(Role.PUBLISHER, full_name="Sacha Lebrun")
    client.force_login(person)
    return person


def ask(client, name="2026-T1", through=FIRST_THROUGH, note=""):
    address = reverse("prepare_release")
    return client.post(address, {"name": name, "through": through.isoformat(), "note": note})


def jobs():
    return ProcrastinateJob.objects.filter(task_name="publish_release")


@pytest.mark.parametrize(
    ("through", "name"),
    [
        (date(2026, 3, 31), "2026-T1"),
        (date(2026, 12, 31), "2026-T4"),
        (date(2026, 4, 30), "2026-04"),
        (date(2026, 3, 30), "2026-03"),
    ],
)
def test_a_name_is_proposed_after_the_last_day(through, name):
    assert name_for(through) == name


def test_the_name_proposed_is_one_that_nobody_took(client, publisher):
    through = last_day_of_month_before(timezone.localdate())
    ReleaseFactory(name=name_for(through), current=True, through=through)
    page = client.get(reverse("prepare_release")).content.decode()
    assert f'value="{name_for(through)}-2"' in page


def test_before_the_first_edition_no_edition_without_a_name_is_spoken_of(client, publisher):
    page = client.get(reverse("prepare_release")).content.decode()
    assert "une première édition serait vide" in page
    assert "«\u00a0\u00a0»" not in page.replace("&nbsp;", "\u00a0")


def test_the_preview_tells_what_is_new_missing_and_flagged(client, publisher):
    prepare()
    Batch.objects.filter(number=2).update(
        warnings=[{"kind": "jump", "message": "S10 passe de 76 à 24 %."}]
    )
    found = preview_release(FIRST_THROUGH)
    (network,) = found.networks
    assert {series.code: series.rows for series in network.series} == {
        "accuse-delai": 6,
        "decroche": 37,
        "satisfaction": 37,
    }
    assert [(flag.batch.number, flag.message) for flag in network.flags] == [
        (2, "S10 passe de 76 à 24 %.")
    ]
    missing = {
        (line.grain.version.indicator.code, line.due.period.code) for line in network.missing
    }
    assert missing == {("decroche", "2026-02"), ("satisfaction", "2026-02")}
    page = client.get(reverse("prepare_release"), {"through": "2026-03-31"}).content.decode()
    assert "S10 passe de 76 à 24 %." in page
    assert "12 sur 13" in page
    assert network.missing_words.replace("\u00a0", " ") == "2 données attendues manquent"
    assert network.missing_words in page
    assert found.summary[1].replace("\u00a0", " ").startswith("1 écart inhabituel a été confirmé")
    assert 'value="2026-T1"' in page


def test_the_preview_counts_only_what_came_since_the_current_release(client, publisher):
    prepare()
    publish("2026-T1")
    nothing = preview_release(SECOND_THROUGH)
    assert nothing.has_nothing_new
    assert nothing.summary[1:] == [
        "Aucun écart inhabituel n'a été confirmé.",
        "Aucune période déjà publiée n'est corrigée ni complétée.",
    ]
    batch = send(20, ("S09", "2026-03", 500, 640), ("S09", "2026-04", 500, 640))
    batch.changes = {
        "replaced": 1,
        "rows": [
            {
                "line": 2,
                "indicator": "decroche",
                "version": 1,
                "structure": "S09",
                "period": "2026-03",
                "cut": "",
                "before": [568, 640],
                "after": [500, 640],
                "batch": 4,
            }
        ],
    }
    batch.save()
    (network,) = preview_release(FIRST_THROUGH).networks
    (series,) = network.series
    assert (series.rows, series.rows_of_past, series.rows_to_come) == (1, 1, 1)
    page = client.get(reverse("prepare_release"), {"through": "2026-04-30"}).content.decode()
    assert "Corrections de chiffres déjà publiés" in page
    assert "568 / 640" in page


def test_a_withdrawn_batch_shows_in_the_preview(client, publisher):
    prepare()
    publish("2026-T1")
    Batch.objects.filter(number=4).update(
        withdrawn_at="2099-04-16T09:00:00Z", withdrawal_reason="fichier d'essai"
    )
    page = client.get(reverse("prepare_release")).content.decode()
    assert "Un lot publié a été retiré" in page
    assert "fichier d&#x27;essai" in page
    assert [one.replace("\u00a0", " ") for one in preview_release(FIRST_THROUGH).summary[2:]] == [
        "1 lot publié a été retiré : ses chiffres ne comptent plus."
    ]


def test_an_edition_is_asked_for_then_published_by_the_worker(
    client, publisher, django_capture_on_commit_callbacks
):
    prepare()
    with django_capture_on_commit_callbacks(execute=True):
        response = ask(client, note="Première.")
    release = Release.objects.get()
    assert response.url == reverse("release", args=["2026-T1"])
    assert (release.state, release.by, release.note) == ("waiting", publisher, "Première.")
    assert jobs().get().args == {"release_id": release.pk}
    page = client.get(response.url)
    assert page.headers["Refresh"] == "3"
    assert "En attente" in page.content.decode()
    publish_asked(release.pk)
    page = client.get(response.url)
    assert "Refresh" not in page.headers
    words = page.content.decode()
    release.refresh_from_db()
    assert release.identity in words.replace("<wbr>", "")
    assert "verify.py" in words
    assert "C'est la première édition" in words
    publish_asked(release.pk)
    assert Release.objects.get().published_at == release.published_at


def test_a_bad_name_or_day_is_told_beside_the_field(client, publisher):
    prepare()
    assert "ne peut pas nommer une édition" in ask(client, name="avril 2026").content.decode()
    later = ask(client, through=date(2099, 1, 31)).content.decode()
    assert "choisissez un jour passé" in later
    assert not Release.objects.exists()
    assert not jobs().exists()


def test_two_editions_do_not_wait_together(client, publisher):
    prepare()
    ask(client, name="une")
    told = ask(client, name="deux").content.decode()
    assert "« une », demandée par Sacha Lebrun le " in told
    assert "attend déjà" in told
    assert "demandée par Sacha Lebrun" in client.get(reverse("prepare_release")).content.decode()
    client.post(reverse("abandon_release", args=["une"]))
    abandoned = Release.objects.get(name="une")
    assert (abandoned.state, abandoned.failure) == (
        "failed",
        f"Abandonnée avant de commencer, par {publisher}.",
    )
    publish_asked(abandoned.pk)
    assert Release.objects.get(name="une").state == "failed"
    assert ask(client, name="deux").status_code == 302


def test_a_failed_edition_says_why_and_is_started_again(client, publisher):
    prepare()
    release = ReleaseFactory(
        name="2026-T1",
        state="failed",
        failure="Le disque du serveur est plein.",
        through=FIRST_THROUGH,
        published_at=None,
    )
    address = reverse("release", args=[release.name])
    assert "Le disque du serveur est plein." in client.get(address).content.decode()
    assert "Le disque du serveur est plein." in client.get(reverse("releases")).content.decode()
    assert client.post(reverse("retry_release", args=[release.name])).url == address
    release.refresh_from_db()
    assert (release.state, release.failure) == ("waiting", "")
    actions = AuditEvent.objects.filter(subject_kind="release").values_list("action", flat=True)
    assert list(actions) == ["release.asked"]


def test_a_published_edition_is_not_started_again(client, publisher):
    ReleaseFactory(name="2026-T1", current=True)
    client.post(reverse("retry_release", args=["2026-T1"]))
    client.post(reverse("abandon_release", args=["2026-T1"]))
    assert Release.objects.get().state == "published"


def test_an_edition_under_way_tells_its_step_and_one_that_died_says_so(
    client, publisher, monkeypatch
):
    from guichet.publication.releasing import locking

    release = ReleaseFactory(
        name="2026-T1",
        state="computing",
        step="Sommes : REL/decroche.1/2026.csv (2 sur 3)",
        published_at=None,
    )
    address = reverse("release", args=[release.name])
    died = client.get(address)
    assert "arrêtée au milieu" in died.content.decode()
    assert "Refresh" not in died.headers
    monkeypatch.setattr(locking, "is_somebody_publishing", lambda: True)
    running = client.get(address)
    assert "REL/decroche.1/2026.csv (2 sur 3)" in running.content.decode()
    assert running.headers["Refresh"] == "3"


def test_an_edition_shows_its_files_and_its_corrections(client, publisher):
    prepare()
    publish("2026-T1")
    send(20, ("S09", "2026-03", 500, 640))
    publish("corrigee", note="Mars de Clermont-Ferrand.")
    words = client.get(reverse("release", args=["corrigee"])).content.decode()
    assert "Mars de Clermont-Ferrand." in words
    assert "Guichet fictif de Clermont-Ferrand" in words
    assert '<td data-ui-label="Lieu">France<br>Réseau d' in words
    assert "88,8" in words
    assert "(568\u00a0/\u00a0640)" in words
    assert "corrections.csv" in words
    listed = client.get(reverse("releases")).content.decode()
    assert listed.count("Actuelle") == 1


def test_publishers_read_as_many_corrections_as_the_public(client, publisher):
    prepare()
    publish("2026-T1")
    send(20, ("S09", "2026-03", 500, 640))
    release = publish("corrigee")
    corrected = release.corrections.of_places().count()
    regrouped = {"indicator": "decroche", "version": 1, "level": "pool", "what": "added"}
    CorrectedFigure.objects.create(
        release=release, network="REL", place="P", period="2026-03", **regrouped
    )
    listed = client.get(reverse("releases")).content.decode()
    assert f'<td data-ui-label="Corrections">{corrected}</td>' in listed
    for name in ("release", "open_release"):
        page = client.get(reverse(name, args=["corrigee"])).content.decode()
        assert f"{corrected} chiffres corrigés" in page.replace("\u00a0", " ")
        assert "1 autre ligne diffère sans être" in page.replace("\u00a0", " ")


def test_a_place_that_enters_the_directory_corrects_nothing(client, publisher):
    prepare()
    publish("2026-T1")
    former = Structure.objects.get(code="S01")
    new = {"code": "S99", "name": "Guichet fictif de Douai", "parent": former.parent}
    same = ("network", "kind", "level", "commune", "source")
    found = Structure.objects.create(
        path="0", **new, **{name: getattr(former, name) for name in same}
    )
    Structure.objects.filter(pk=found.pk).update(path=f"{former.parent.path}.{found.pk}")
    release = publish("lieu")
    assert release.correction_count == 0
    page = client.get(reverse("open_release", args=["lieu"])).content.decode()
    assert "Par rapport à l'édition précédente&nbsp;: aucun chiffre corrigé." in page
    assert "sans être des corrections de lieux&nbsp;: des lieux sont entrés ou sortis" in page


def test_a_lost_folder_is_told(client, publisher):
    ReleaseFactory(name="2026-T1", current=True, folder="releases/2026-T1")
    words = client.get(reverse("release", args=["2026-T1"])).content.decode()
    assert "introuvable ou abîmé" in words


def test_an_unknown_edition_is_not_found(client, publisher):
    assert client.get(reverse("release", args=["inconnue"])).status_code == 404


def test_the_menu_leads_publishers_there(client, publisher):
    assert reverse("releases") in client.get(reverse("agents_home")).content.decode()
    client.force_login(someone(Role.MODERATOR))
    assert reverse("releases") not in client.get(reverse("agents_home")).content.decode()
