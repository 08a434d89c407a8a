"""« J'ai vécu la même chose », « réponse utile »: counted once a day, without cookie."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from guichet.experiences.following import actions, limits
from guichet.experiences.following.actions import gestures
from guichet.experiences.models import Event, Experience, Gesture, GestureKind, Reply, State
from guichet.experiences.tests.factories import AddresseeFactory, ExperienceFactory, ReplyFactory
from guichet.experiences.tests.following.pages import strict, words_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return ExperienceFactory()


@pytest.fixture
def reply(story):
    return ReplyFactory(addressee=AddresseeFactory(experience=story))


def press(pk: int, *, address: str = "192.0.2.1", browser: str = "Firefox"):
    return strict().post(
        f"/experiences/{pk}/meme-chose/",
        REMOTE_ADDR=address,
        headers={"User-Agent": browser},
    )


def test_a_gesture_is_counted_and_thanked_without_cookie_or_token(story):
    response = press(story.pk)
    assert response.status_code == 303
    assert response.url.startswith(story.get_absolute_url())
    assert not response.cookies
    story.refresh_from_db()
    assert story.same_count == 1
    assert "c'est compté" in words_at(strict(), response.url)


def test_the_addresses_of_one_household_count_once(story):
    for address in ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"):
        press(story.pk, address=address)
    story.refresh_from_db()
    assert story.same_count == 2


def test_a_page_of_another_site_makes_nobody_count(story):
    response = strict().post(
        f"/experiences/{story.pk}/meme-chose/", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 303
    story.refresh_from_db()
    assert story.same_count == 0


def test_the_same_visitor_counts_once_a_day(story, monkeypatch):
    for _ in range(3):
        assert press(story.pk).status_code == 303
    press(story.pk, browser="Chrome")
    press(story.pk, address="192.0.2.2")
    story.refresh_from_db()
    assert story.same_count == 3
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(gestures.timezone, "localdate", lambda: tomorrow)
    press(story.pk)
    story.refresh_from_db()
    assert story.same_count == 4


def test_a_useful_answer_is_counted(story, reply):
    response = strict().post(f"/experiences/reponses/{reply.pk}/utile/")
    reply.refresh_from_db()
    assert reply.useful_count == 1
    assert "c'est compté" in words_at(strict(), response.url)


def test_the_buttons_stand_on_the_page_of_the_story(story, reply):
    said = words_at(strict(), story.get_absolute_url())
    assert "J'ai vécu la même chose" in said
    assert "Réponse utile" in said
    assert f"/experiences/{story.pk}/signaler/" in said
    assert not strict().get(story.get_absolute_url()).cookies


def test_what_is_not_published_cannot_be_counted(story, reply):
    Experience.objects.update(state=State.WITHDRAWN)
    assert press(story.pk).status_code == 404
    assert strict().post(f"/experiences/reponses/{reply.pk}/utile/").status_code == 404
    assert strict().post("/experiences/reponses/999999/utile/").status_code == 404
    assert not Gesture.objects.exists()


def test_an_addition_is_not_counted(reply):
    addition = ReplyFactory(addressee=reply.addressee, addition_to=reply)
    assert strict().post(f"/experiences/reponses/{addition.pk}/utile/").status_code == 404


def test_opening_the_address_of_a_gesture_counts_nothing(story, reply):
    for address in (
        f"/experiences/{story.pk}/meme-chose/",
        f"/experiences/reponses/{reply.pk}/utile/",
    ):
        assert strict().get(address).status_code == 405
    assert not Gesture.objects.exists()


def test_no_address_is_kept_in_clear(story):
    press(story.pk, address="203.0.113.77", browser="UnNavigateurRare")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM guichet_shared_cache")
        kept = [key for (key,) in cursor.fetchall()]
    kept += [gesture.seal for gesture in Gesture.objects.all()]
    assert kept
    assert not any("203.0.113.77" in one or "UnNavigateurRare" in one for one in kept)


def test_gestures_of_one_visitor_cannot_be_linked(story):
    other = ExperienceFactory()
    press(story.pk)
    press(other.pk)
    first, second = Gesture.objects.values_list("seal", flat=True)
    assert first != second


def test_a_counter_may_press_a_hundred_times_and_a_flood_is_not_counted(story, monkeypatch):
    monkeypatch.setattr(limits, "GESTURES", {"gesture": "5/h/key"})
    for number in range(8):
        assert press(story.pk, browser=f"Poste {number}").status_code == 303
    story.refresh_from_db()
    assert story.same_count == 5
    assert limits.gesture_is_counted is not None
    cache.clear()


def test_two_gestures_at_once_are_both_counted(story):
    """The counter is added to in the database, not from what this process had read."""
    read_before = Experience.objects.get(pk=story.pk)
    actions.record_gesture(kind=GestureKind.SAME, subject=story.pk, seal="a" * 64)
    read_before.same_count = 0
    actions.record_gesture(kind=GestureKind.SAME, subject=story.pk, seal="b" * 64)
    assert Experience.objects.get().same_count == 2


def test_gestures_are_erased_after_two_days_and_stay_counted(story):
    press(story.pk)
    press(story.pk, address="192.0.2.2")
    old = Gesture.objects.first()
    Gesture.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=2, minutes=1))
    assert gestures.erase_old_gestures() == 1
    assert Gesture.objects.count() == 1
    story.refresh_from_db()
    assert story.same_count == 2


def test_gestures_make_no_event(story, reply):
    press(story.pk)
    assert not Event.objects.exists()
    assert Reply.objects.get().was_useful is None
