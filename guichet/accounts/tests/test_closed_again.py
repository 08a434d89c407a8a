"""An account closed since a backup opens nothing once that backup is restored."""

from __future__ import annotations

import pytest

from guichet.accounts.actions import deactivate_user, reactivate_user
from guichet.accounts.models import AuditEvent, User
from guichet.accounts.tests.factories import UserFactory
from guichet.core import erasures
from guichet.core.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log(settings, tmp_path):
    settings.ERASURES = tmp_path / "erasures"
    return settings.ERASURES


def put_back(person: User) -> int:
    """The account as a backup holds it, then the log; how many were closed."""
    User.objects.filter(pk=person.pk).update(is_active=True, left_at=None)
    OutgoingMail.objects.all().delete()
    counts = erasures.replay().counts
    person.refresh_from_db()
    return counts["account"]


def test_an_account_closed_since_is_closed_again_and_nobody_is_told():
    person, administrator = UserFactory(), UserFactory()
    deactivate_user(user=person, by=administrator)
    epoch = person.session_epoch
    assert put_back(person) == 1
    assert not person.is_active
    assert person.session_epoch == epoch + 1
    assert AuditEvent.objects.filter(action="user.deactivated", actor=None).count() == 1
    assert not OutgoingMail.objects.exists()
    assert erasures.replay().counts["account"] == 0


def test_an_account_opened_again_since_stays_open(django_capture_on_commit_callbacks):
    person, administrator = UserFactory(), UserFactory()
    deactivate_user(user=person, by=administrator)
    with django_capture_on_commit_callbacks(execute=True):
        reactivate_user(user=person, by=administrator)
    assert put_back(person) == 0
    assert person.is_active


def test_another_person_with_the_number_of_an_account_that_was_closed_stays_in():
    person = UserFactory()
    deactivate_user(user=person, by=UserFactory())
    number = person.pk
    person.delete()
    other = UserFactory(pk=number)
    assert put_back(other) == 0
    assert other.is_active


def test_an_account_whose_line_was_lost_is_read_in_the_database(log):
    person = UserFactory()
    deactivate_user(user=person, by=UserFactory())
    for path in log.iterdir():
        path.unlink()
    assert erasures.mend() == 1
    assert put_back(person) == 1
    assert person.email not in "".join(path.read_text() for path in log.iterdir())
