"""A sender's pages: send, mend, preview, confirm, withdraw; and what others may not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import MembershipFactory, StructureFactory, someone
from guichet.indicators.batches.pages import fault_groups
from guichet.indicators.batches.sending import do_work, forget_old_works
from guichet.indicators.models import Batch, BatchWork, IndicatorVersion
from guichet.indicators.tests.factories import BatchFactory, GrainFactory, VersionFactory
from guichet.indicators.tests.sendings import accepted, csv_of, upload

LOTS = "/agents/reseaux/caf/lots/"
GOOD = [("caf-lille", "2026-01", 80, 100), ("caf-roubaix", "2026-01", 75, 100)]
JUMP = [("caf-lille", "2026-02", 10, 100), ("caf-roubaix", "2026-02", 76, 100)]
BAD = [("caf-lille", "2026-01", 120, 100), ("inconnue", "2026-01", 1, 2)]


@pytest.fixture
def grain(network, site, sibling, lake):
    return GrainFactory(network=network, version=VersionFactory())


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


def send(client, content, **fields):
    return client.post(f"{LOTS}envoyer/", {"file": upload(content), **fields}, follow=True)


def test_a_good_file_waits_for_its_confirmation_then_counts(as_lead, grain, lead):
    page = text_of(send(as_lead, csv_of(GOOD)))
    assert "2 nouveaux chiffres. Rien ne compte encore." in page
    batch = Batch.objects.get()
    assert (batch.outcome, batch.sender, batch.number) == ("to_confirm", lead, None)
    page = text_of(as_lead.post(f"{LOTS}{batch.address}/confirmer/", follow=True))
    batch.refresh_from_db()
    assert (batch.outcome, batch.number) == ("accepted", 1)
    assert "sous le numéro 1" in page
    assert "Ses chiffres comptent dans toute édition des résultats préparée depuis le" in page


def test_a_batch_has_one_number_from_its_name_to_its_address(as_lead, grain, network):
    BatchFactory(network=network, number=7_312, outcome="refused")
    send(as_lead, csv_of(GOOD))
    batch = Batch.objects.get(number=None)
    waiting = f"{LOTS}envoi-{batch.pk}/"
    assert f"Envoi {batch.pk} " in text_of(as_lead.get(waiting))
    answer = as_lead.post(f"{waiting}confirmer/")
    assert answer.headers["Location"] == f"{LOTS}7313/"
    assert "Lot 7313 " in text_of(as_lead.get(f"{LOTS}7313/"))
    assert as_lead.get(waiting).headers["Location"] == f"{LOTS}7313/"
    assert f'href="{LOTS}7313/">Lot 7313</a>' in as_lead.get(f"{LOTS}?q=7313").content.decode()
    for unknown in ("7314", "envoi-0", "envoi-7313x", "janvier"):
        assert as_lead.get(f"{LOTS}{unknown}/").status_code == 404


def test_faults_are_told_with_lines_and_mends(as_lead, grain):
    page = text_of(send(as_lead, csv_of(BAD)))
    assert "Rien n'a été pris" in page
    batch = Batch.objects.get()
    assert f"Lot {batch.number} " in page
    assert batch.fault_count == len(batch.faults) == 2
    for fault in batch.faults:
        assert fault["message"] in page
    csv = b"".join(as_lead.get(f"{LOTS}{batch.address}/defauts.csv").streaming_content).decode()
    assert csv.count("\r\n") == 3
    response = as_lead.get(f"{LOTS}{batch.address}/corrige.csv")
    corrected = b"".join(response.streaming_content).decode()
    assert "caf-lille" in corrected


@pytest.mark.parametrize(
    ("name", "content"),
    [("vide.csv", b""), ("photo.xlsx", b"\x89PNG\r\n"), ("titres.csv", b"indicateur;version")],
)
def test_a_file_without_any_row_read_has_no_corrected_file(as_lead, grain, name, content):
    response = as_lead.post(
        f"{LOTS}envoyer/", {"file": SimpleUploadedFile(name, content)}, follow=True
    )
    assert "Fichier corrigé" not in text_of(response)


def test_what_the_platform_counts_itself_is_not_proposed_to_a_sender(as_lead, grain, network):
    own = IndicatorVersion.objects.get(indicator__code="experiences-repondues")
    GrainFactory(network=network, version=own, source="experiences")
    page = text_of(send(as_lead, csv_of([("caf-lille", "2026-01", 1, 2)], indicator="zzz")))
    assert f"vous pouvez envoyer {grain.version.indicator.code}." in page


def test_a_request_too_heavy_is_told_on_a_page_with_its_way_out(as_lead, grain, settings):
    settings.LARGEST_REQUEST_BYTES = 20
    response = as_lead.post(f"{LOTS}envoyer/", {"file": upload(csv_of(GOOD))})
    assert response.status_code == 413
    page = text_of(response)
    assert "plusieurs fichiers" in page
    assert "Parquet" in page
    assert f'href="{LOTS}envoyer/"' in response.content.decode()


def test_the_preview_says_what_the_published_departement_would_become(
    as_lead, network, site, sibling, lake, tmp_path
):
    GrainFactory(network=network, version=VersionFactory(), publication_level="departement")
    accepted(network, GOOD, tmp_path)
    page = text_of(send(as_lead, csv_of([("caf-lille", "2026-01", 60, 100)])))
    assert "Ce qui changerait dans les résultats publiés" in page
    published = page[page.index("Sommes publiées") : page.index("Chiffres remplacés")]
    assert "CAF du Nord" in published
    before, after = published.index("(155 / 200)"), published.index("(135 / 200)")
    assert before < after
    replaced = page[page.index("Chiffres remplacés") :]
    assert "CAF de Lille<br>caf-lille" in replaced


def test_a_network_that_publishes_what_it_sends_has_no_sum_to_preview(as_lead, grain, network):
    send(as_lead, csv_of(GOOD))
    assert Batch.objects.get().changes["published"] == []


def test_faults_that_say_the_same_are_told_once():
    same = {"column": "periode", "message": "Trop tôt.", "cell": "D2", "value": "2020-01"}
    groups = fault_groups([{**same, "line": line} for line in range(2, 20)])
    assert len(groups) == 1
    assert groups[0].lines == "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 et 6 autres"
    assert (groups[0].value, groups[0].count) == ("2020-01", 18)


def test_jumps_are_accepted_with_a_tick_only(as_lead, grain, network, tmp_path):
    accepted(network, GOOD, tmp_path)
    page = text_of(send(as_lead, csv_of(JUMP)))
    assert "Écarts inhabituels" in page
    batch = Batch.objects.get(outcome="to_confirm")
    page = text_of(as_lead.post(f"{LOTS}{batch.address}/confirmer/"))
    assert "Cochez cette case pour continuer." in page
    batch.refresh_from_db()
    assert batch.outcome == "to_confirm"
    as_lead.post(f"{LOTS}{batch.address}/confirmer/", {"jumps": "on"})
    batch.refresh_from_db()
    assert batch.outcome == "accepted"


def test_the_preview_shows_what_is_replaced(as_lead, grain, network, tmp_path):
    accepted(network, GOOD, tmp_path)
    page = text_of(send(as_lead, csv_of([("caf-lille", "2026-01", 90, 100), GOOD[1]])))
    assert "Aucun nouveau chiffre, 1 remplacé, 1 déjà envoyé à l'identique" in page
    assert "80,0 % (80 / 100)" in page
    assert "90,0 % (90 / 100)" in page


def test_a_batch_is_abandoned_and_changes_nothing(as_lead, grain):
    send(as_lead, csv_of(GOOD))
    batch = Batch.objects.get()
    page = text_of(as_lead.post(f"{LOTS}{batch.address}/abandonner/", follow=True))
    assert "Lot abandonné" in page
    page = text_of(as_lead.post(f"{LOTS}{batch.address}/confirmer/", follow=True))
    assert "n'attend pas de confirmation" in page
    assert not Batch.objects.counting().exists()


def test_a_withdrawal_asks_why_and_is_undone_by_sending_again(as_lead, grain, network, tmp_path):
    batch = accepted(network, GOOD, tmp_path)
    url = f"{LOTS}{batch.address}/retirer/"
    assert "Remplissez ce champ" in text_of(as_lead.post(url, {"reason": " "}))
    page = text_of(as_lead.post(url, {"reason": "essai"}, follow=True))
    assert "Motif : essai." in page
    assert "envoyez le même fichier" in page
    assert not Batch.objects.counting().exists()
    send(as_lead, csv_of(GOOD))
    again = Batch.objects.get(outcome="to_confirm")
    as_lead.post(f"{LOTS}{again.address}/confirmer/")
    assert Batch.objects.counting().get() == again


def test_a_manager_sends_for_the_structures_managed_alone(client, grain, manager, site):
    client.force_login(manager)
    page = text_of(send(client, csv_of(GOOD)))
    assert "Rien n'a été pris" in page
    send(client, csv_of(GOOD[:1]))
    batch = Batch.objects.get(outcome="to_confirm")
    assert batch.scope == site
    client.post(f"{LOTS}{batch.address}/confirmer/")
    batch.refresh_from_db()
    assert batch.outcome == "accepted"


def test_a_manager_of_two_subtrees_chooses(client, grain, manager, site, sibling):
    MembershipFactory(user=manager, role=Role.MANAGER, structure=sibling)
    client.force_login(manager)
    page = text_of(client.get(f"{LOTS}envoyer/"))
    assert "Pour quelles structures ?" in page
    send(client, csv_of(GOOD[1:]), scope=sibling.pk)
    assert Batch.objects.get().scope == sibling
    elsewhere = StructureFactory()
    page = text_of(send(client, csv_of(GOOD[1:]), scope=elsewhere.pk))
    assert Batch.objects.count() == 1


def test_a_manager_does_not_see_others_figures(client, grain, manager, network, sibling, tmp_path):
    whole = accepted(network, GOOD, tmp_path)
    beside = accepted(network, GOOD[1:], tmp_path, scope=sibling)
    client.force_login(manager)
    for batch in (whole, beside):
        for path in ("", "defauts.csv", "corrige.csv", "recu/", "retirer/"):
            assert client.get(f"{LOTS}{batch.address}/{path}").status_code == 404
        assert client.post(f"{LOTS}{batch.address}/confirmer/").status_code == 404
    assert "Rien n'a encore été envoyé" in text_of(client.get(LOTS))


def test_the_batch_of_another_network_is_not_found(as_lead, grain):
    other = BatchFactory()
    assert as_lead.get(f"{LOTS}{other.address}/").status_code == 404
    elsewhere = f"/agents/reseaux/{other.network.code}/lots/{other.address}/"
    assert as_lead.get(elsewhere).status_code == 404


def test_a_publisher_reads_and_withdraws_but_does_not_send(
    client, grain, publisher, network, tmp_path
):
    batch = accepted(network, GOOD, tmp_path)
    client.force_login(publisher)
    assert client.get(f"{LOTS}{batch.address}/").status_code == 200
    assert client.get(f"{LOTS}envoyer/").status_code == 404
    client.post(f"{LOTS}{batch.address}/retirer/", {"reason": "doublon"})
    batch.refresh_from_db()
    assert batch.withdrawn_by == publisher


def test_the_received_file_comes_back_byte_for_byte(as_lead, grain, network, tmp_path):
    batch = accepted(network, GOOD, tmp_path)
    response = as_lead.get(f"{LOTS}{batch.address}/recu/")
    assert b"".join(response.streaming_content) == csv_of(GOOD)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_the_model_file_holds_the_structures_of_who_asks(client, as_lead, grain, manager):
    lines = as_lead.get(f"{LOTS}modele.csv").content.decode()
    assert "caf-lille" in lines
    assert "caf-roubaix" in lines
    assert as_lead.get(f"{LOTS}modele.xlsx").content.startswith(b"PK")
    client.force_login(manager)
    lines = client.get(f"{LOTS}modele.csv?structure=caf-roubaix").content.decode()
    assert "caf-roubaix" not in lines


def test_a_list_costs_the_same_whatever_its_length(
    as_lead, grain, network, django_assert_max_num_queries
):
    for number in range(30):
        BatchFactory(network=network, number=number + 1, faults=[{"line": 1}] * 50)
    with django_assert_max_num_queries(14):
        page = text_of(as_lead.get(LOTS))
    assert "30 lots" in page


def test_batches_are_found_by_state_number_and_name(as_lead, grain, network):
    BatchFactory(network=network, number=7, file_name="janvier.csv")
    BatchFactory(network=network, number=8, file_name="mars.csv", outcome="refused")
    for query, shown, hidden in (
        ("q=7", "janvier.csv", "mars.csv"),
        ("q=mars", "mars.csv", "janvier.csv"),
        ("etat=refused", "mars.csv", "janvier.csv"),
        ("etat=withdrawn", "Aucun ne répond", "mars.csv"),
    ):
        page = text_of(as_lead.get(f"{LOTS}?{query}"))
        assert shown in page
        assert hidden not in page
    for query in ("q=%00&etat=zz&page=999", "q=²"):
        assert as_lead.get(f"{LOTS}?{query}").status_code == 200


def test_who_leads_one_network_is_led_to_it(as_lead, grain, client, administrator):
    assert as_lead.get("/agents/lots/").headers["Location"] == LOTS
    client.force_login(administrator)
    assert "CAF" in text_of(client.get("/agents/lots/"))


def kept_for_the_worker(monkeypatch):
    monkeypatch.setattr("guichet.indicators.files.apart.SMALL_TEXT_BYTES", 10)
    monkeypatch.setattr("guichet.indicators.batches.sending.SMALL_BYTES", 10)


def test_a_large_file_is_checked_by_the_worker(as_lead, grain, monkeypatch, lake):
    kept_for_the_worker(monkeypatch)
    response = as_lead.post(f"{LOTS}envoyer/", {"file": upload(csv_of(GOOD))})
    work = BatchWork.objects.get()
    assert response.headers["Location"] == f"{LOTS}travaux/{work.pk}/"
    waiting = as_lead.get(response.headers["Location"])
    assert waiting.headers["Refresh"] == "3"
    assert "attend son tour" in text_of(waiting)
    do_work(work)
    page = as_lead.get(response.headers["Location"], follow=True)
    assert "2 nouveaux chiffres" in text_of(page)
    batch = Batch.objects.get()
    response = as_lead.post(f"{LOTS}{batch.address}/confirmer/")
    again = as_lead.post(f"{LOTS}{batch.address}/confirmer/")
    assert again.headers["Location"] == response.headers["Location"]
    do_work(BatchWork.objects.get(act="confirm"))
    batch.refresh_from_db()
    assert batch.outcome == "accepted"
    assert list((lake / "batches" / "waiting").iterdir()) == []


def test_work_started_again_after_its_end_does_nothing(as_lead, grain, monkeypatch):
    kept_for_the_worker(monkeypatch)
    as_lead.post(f"{LOTS}envoyer/", {"file": upload(csv_of(GOOD))})
    work = BatchWork.objects.get()
    do_work(work)
    do_work(work)
    assert Batch.objects.count() == 1


def test_a_file_that_is_gone_is_told_to_the_sender(as_lead, grain, network, lead):
    work = BatchWork.objects.create(
        act="check", network=network, sender=lead, file_name="x.csv", path="batches/waiting/gone"
    )
    do_work(work)
    page = as_lead.get(f"{LOTS}travaux/{work.pk}/")
    assert "envoyez-le à nouveau" in text_of(page)
    assert "Refresh" not in page.headers


def test_work_of_another_is_not_found(client, grain, manager, network):
    work = BatchWork.objects.create(act="check", network=network, file_name="x.csv")
    client.force_login(manager)
    assert client.get(f"{LOTS}travaux/{work.pk}/").status_code == 404


def test_an_empty_or_missing_file_is_told(as_lead, grain):
    assert "Choisissez un fichier." in text_of(as_lead.post(f"{LOTS}envoyer/"))
    assert "Rien n'a été pris" in text_of(send(as_lead, b""))


def test_a_network_without_grain_is_told_before_sending(as_lead, network, site):
    assert "Rien n'est encore attendu" in text_of(as_lead.get(f"{LOTS}envoyer/"))


def test_a_reader_has_no_page_of_batches(client, grain, site):
    client.force_login(someone(Role.READER, site))
    assert client.get(LOTS).status_code == 404
    assert client.get("/agents/lots/").status_code == 403


def test_what_a_killed_process_left_is_erased(as_lead, grain, monkeypatch, lake, network, lead):
    kept_for_the_worker(monkeypatch)
    as_lead.post(f"{LOTS}envoyer/", {"file": upload(csv_of(GOOD))})
    (held,) = (lake / "batches" / "waiting").iterdir()
    left = held.with_name("left")
    left.write_bytes(b"rest")
    now = timezone.now()
    assert forget_old_works(now) == 0
    old = BatchWork.objects.create(
        act="check", network=network, sender=lead, file_name="x.csv", ended_at=now
    )
    assert forget_old_works(now + timedelta(days=31)) == 2
    assert held.exists()
    assert not left.exists()
    assert not BatchWork.objects.filter(pk=old.pk).exists()


def test_the_networks_page_leads_to_what_it_sent(as_lead, grain):
    assert LOTS in as_lead.get("/agents/reseaux/caf/").content.decode()
