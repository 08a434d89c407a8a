"""Every URL declares a policy, and every role gets from every URL what its policy promises.

`PROMISED` is the table of `docs/permissions.md`; a test compares them. `GRANTED` and `SAMPLES` say
what is particular to a URL: a new one needs a line only when its arguments are not known yet, or
when it answers something else than a page to whoever may open it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from guichet.core.access import PUBLIC, SIGNED_IN, Policy
from guichet.directory import policies
from guichet.experiences import policies as experiences_policies
from guichet.experiences.answering import policies as answering_policies
from guichet.indicators import policies as indicators_policies
from guichet.moderation import policies as moderation_policies
from guichet.orientation import policies as orientation_policies
from tests.permission_site import ROLES, Page, Site, all_pages, contents_of_the_database, make_site

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"

# The status that each policy promises, role by role, in the order of `ROLES`; 200 means admitted.
PROMISED = {
    "public": (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "signed_in": (302, 200, 200, 200, 200, 200, 200, 200, 200),
    "read_structure": (302, 404, 200, 200, 200, 200, 200, 200, 200),
    "respond_structure": (302, 404, 404, 200, 200, 200, 404, 404, 200),
    "manage_structure": (302, 404, 404, 404, 200, 200, 404, 404, 200),
    "administer_structure": (302, 404, 404, 404, 404, 404, 404, 404, 200),
    "lead_network": (302, 404, 404, 404, 404, 200, 404, 404, 200),
    "lead_any_network": (302, 403, 403, 403, 403, 200, 403, 403, 200),
    "programme": (302, 403, 403, 403, 403, 403, 200, 200, 200),
    "publish": (302, 403, 403, 403, 403, 403, 403, 200, 200),
    "administer": (302, 403, 403, 403, 403, 403, 403, 403, 200),
    "advise": (302, 200, 200, 200, 200, 200, 200, 200, 200),
    "read_calls": (302, 403, 403, 403, 403, 200, 200, 200, 200),
    "read_misroutings": (302, 403, 403, 403, 403, 200, 200, 200, 200),
    "send_batches": (302, 404, 404, 404, 200, 200, 404, 404, 200),
    "read_batches": (302, 404, 404, 404, 200, 200, 404, 200, 200),
    "read_any_batches": (302, 200, 403, 403, 200, 200, 403, 200, 200),
    "read_batch": (302, 404, 404, 404, 200, 200, 404, 200, 200),
    "settle_batch": (302, 404, 404, 404, 200, 200, 404, 404, 200),
    "withdraw_batch": (302, 404, 404, 404, 404, 200, 404, 200, 200),
    "define_any_indicator": (302, 403, 403, 403, 403, 200, 403, 200, 200),
    "moderate": (302, 403, 403, 403, 403, 403, 200, 403, 200),
    "define_indicator": (302, 404, 404, 404, 404, 200, 404, 404, 200),
    "enter_stories": (302, 200, 403, 200, 200, 200, 403, 403, 200),
    "read_story": (302, 404, 200, 200, 200, 200, 200, 200, 200),
    "answer_story": (302, 404, 404, 200, 200, 200, 404, 404, 200),
    "settle_passage": (302, 404, 404, 200, 200, 200, 404, 404, 200),
    "manage_stories": (302, 200, 403, 403, 200, 200, 403, 403, 200),
    "edit_template": (302, 404, 404, 404, 200, 200, 404, 404, 200),
}
ADMITTED = 200

# What a URL takes, by the name of the argument.
SAMPLES = {
    "code": "caf-lille",
    "departement": "59",
    "extension": "csv",
    "file": "manifest.json",
    "indicator": "appels",
    "need": "demander-frouzbi",
    "key": "cle-de-brouillon",
    "network": "caf",
    "number": "1",
    "period": "2026-01",
    "release": "2026-04",
    "reference": "K7M4-Q2XT",
    "slug": "accessibilite",
    "section": "adresse",
    "table": "structures",
    "act": "sessions",
    "territory": "59",
    "token": "jeton",
    "job_id": "1",
    "mail_id": "1",
}
# Which key of `Site.keys` an argument stands for, by the URL; a `pk` not named here is that of the
# key that bears the URL's own name.
KEYS = {
    "batch": {
        "batch": "a_batch",
        "batch_faults": "a_batch",
        "batch_corrected": "a_batch",
        "batch_received": "a_batch",
        "confirm_batch": "a_batch",
        "abandon_batch": "a_batch",
        "withdraw_batch": "a_batch",
    },
    "pk": {
        "mfa_edit_webauthn": "authenticator",
        "mfa_remove_webauthn": "authenticator",
        "network_announcement": "announcement",
        "remove_grain": "grain",
        "missing_places": "grain",
        "missing_places_csv": "grain",
        "undo_announcement": "announcement",
        "end_network_member": "network_member",
        "change_member": "member",
        "end_member": "member",
        "person": "person",
        "act_on_account": "person",
        "change_address": "person",
        "give_role": "person",
        "change_person_role": "person",
        "end_person_role": "person",
        "moderate": "moderated_text",
        "moderation_accept": "moderated_text",
        "moderation_alert": "moderated_text",
        "moderation_let_go": "moderated_text",
        "moderation_marks": "moderated_text",
        "moderation_no_danger": "moderated_text",
        "moderation_orient": "moderated_text",
        "moderation_outcome": "moderated_text",
        "moderation_refuse": "moderated_text",
        "moderation_remove": "moderated_text",
        "moderation_reopen": "moderated_text",
        "answer_story": "story_to_answer",
        "save_answer": "story_to_answer",
        "review_answer": "story_to_answer",
        "publish_answer": "story_to_answer",
        "rewrite_answer": "story_to_answer",
        "assign_story": "story_to_answer",
        "note_story": "story_to_answer",
        "pass_on_story": "story_to_answer",
        "cancel_passage": "story_to_answer",
        "accept_passage": "proposed_story",
        "send_back_passage": "proposed_story",
        "keep_promise": "story_to_answer",
        "experience": "published_story",
        "get_story": "published_story",
        "same_experience": "published_story",
        "report_story": "published_story",
        "useful_reply": "reply",
        "edit_answer_template": "answer_template",
        "end_answer_template": "answer_template",
    },
    "reply": {"rewrite_answer": "reply", "judge_reply": "reply"},
    "promise": {"keep_promise": "promise", "answer_promise": "promise"},
    "membership": {
        "change_person_role": "programme_member",
        "end_person_role": "programme_member",
    },
}
# What whoever is admitted gets where it is not a page (a URL that only takes what is posted
# answers 405 and says so).
GRANTED: dict[str, set[int]] = {
    # Signing in: a step follows another one, and leads away who is signed in already.
    "account_login": {200, 302},
    "account_confirm_login_code": {302},
    "account_logout": {200, 302},
    "mfa_authenticate": {302},
    "mfa_login_webauthn": {302},
    # ProConnect is not configured here.
    "oidc_authentication_init": {404},
    "oidc_authentication_callback": {404},
    "proconnect_logout": {302},
    "proconnect_logged_out": {302},
    # Authenticators that these people do not have.
    "mfa_reauthenticate": {403},
    "mfa_reauthenticate_webauthn": {403},
    "mfa_deactivate_totp": {404},
    "mfa_edit_webauthn": {404},
    "mfa_remove_webauthn": {404},
    "mfa_view_recovery_codes": {404},
    "mfa_download_recovery_codes": {404},
    # No coverage is measured in a test.
    "coverage_communes_csv": {404},
    "coverage_departements_csv": {404},
    # The API of batches asks for a token of its own.
    "list_batches": {401},
    "post_batch": {401},
    "get_batch": {401},
    # The files of this edition are not in the lake.
    "open_release": {404},
    "open_release_archive": {404},
    "open_release_file": {404},
    # Nothing is published of this place, and the posters of its network are not ready.
    "poster": {404},
    "poster_archive": {404},
    # The file of this batch is not in the lake.
    "batch_corrected": {404},
    "batch_received": {404},
    # Nothing is published in a test.
    "structure_card": {200, 404},
    "structure_card_image": {200, 404},
    "structure_chart": {404},
    # Who sends for one network only is led to it.
    "batches": {200, 302},
    # The draft of the site is not finished, was not sent, became no story.
    "share_resume": {303},
    "share_review": {303},
    "share_sent": {303},
    "share_code": {404},
    "confirm_story": {404},
    # The address of a story ends with its title.
    "experience": {301},
    # The token of the sample opens no story and ends no subscription.
    "follow": {404},
    "judge_reply": {404},
    "answer_promise": {404},
    "say_solved": {404},
    "second_word": {404},
    "take_up_story": {404},
    "set_news": {404},
    "my_data": {404},
    "download_my_data": {404},
    "erase_my_data": {404},
    "withdraw_story": {404},
    "change_my_address": {404},
    "renew_link": {404},
    "confirm_address": {404},
    "confirm_subscription": {404},
    "end_subscription": {404},
    # There is no answer to send until a question is asked.
    "send_answer": {302},
    # The demonstration's mail, and what is not ready in a test.
    "demo_mailbox": {404},
    "readyz": {200, 503},
}


@pytest.fixture
def site(db):
    return make_site()


@pytest.fixture
def visitors(site):
    clients = {}
    for role in ROLES:
        clients[role] = Client()
        if (person := site.people[role]) is not None:
            clients[role].force_login(person)
    return clients


def address(page: Page, site: Site) -> str:
    """The page's route with a sample in the place of each argument."""

    def sample(match: re.Match[str]) -> str:
        name = match[1].rpartition(":")[2]
        if name in KEYS:
            return str(site.keys[KEYS[name].get(page.name, page.name)])
        return SAMPLES[name]

    return "/" + re.sub(r"<([^<>]+)>", sample, page.route)


def test_every_url_declares_one_of_the_policies():
    lost = [page.route for page in all_pages() if page.policy not in PROMISED]
    assert lost == []


def test_every_policy_is_declared_by_a_url():
    assert {page.policy for page in all_pages()} == set(PROMISED)


def test_the_table_knows_every_policy():
    modules = (
        policies,
        answering_policies,
        experiences_policies,
        moderation_policies,
        orientation_policies,
        indicators_policies,
    )
    declared = [each for module in modules for each in vars(module).values()]
    known = {each.name for each in declared if isinstance(each, Policy)}
    assert known | {PUBLIC.name, SIGNED_IN.name} == set(PROMISED)


@pytest.mark.long
def test_each_role_gets_from_each_url_what_its_policy_promises_and_nothing_is_written(
    site, visitors
):
    before = contents_of_the_database()
    wrong = []
    for page in all_pages():
        url = address(page, site)
        for role, promised in zip(ROLES, PROMISED[page.policy], strict=True):
            response = visitors[role].get(url)
            expected = GRANTED.get(page.name, {ADMITTED}) if promised == ADMITTED else {promised}
            if response.status_code not in expected and not (
                promised == ADMITTED and only_takes_what_is_posted(response)
            ):
                wrong.append(f"{role} {url} ({page.name}): {response.status_code}, not {expected}")
    assert not wrong, "\n".join(wrong)
    changed = [name for name, told in contents_of_the_database().items() if before[name] != told]
    assert changed == []


def only_takes_what_is_posted(response: HttpResponse) -> bool:
    return response.status_code == 405 and response.headers["Allow"] == "POST"


def test_whoever_is_not_admitted_posts_in_vain(site, visitors):
    before = contents_of_the_database()
    wrong = []
    for page in all_pages():
        url = address(page, site)
        for role, promised in zip(ROLES, PROMISED[page.policy], strict=True):
            if promised == ADMITTED:
                continue
            status = visitors[role].post(url, {"confirm": "1"}).status_code
            if status != promised:
                wrong.append(f"{role} POST {url}: {status}, not {promised}")
    assert not wrong, "\n".join(wrong)
    assert contents_of_the_database() == before


def test_who_left_is_nobody(site, visitors):
    person = site.people["administrator"]
    person.is_active = False
    person.save()
    response = visitors["administrator"].get("/agents/structures/caf-lille/")
    assert response.status_code == 302
    assert response.url.startswith("/agents/connexion/")


def test_the_document_holds_the_same_table():
    rows = re.findall(r"^\| `(\w+)` \|(.+)\|$", DOCUMENT.read_text(encoding="utf-8"), re.M)
    documented = {
        name: tuple(int(cell.strip()) for cell in cells.split("|")[1:]) for name, cells in rows
    }
    assert documented == PROMISED
