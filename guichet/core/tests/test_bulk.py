"""Rows copied at once say the same as rows saved one by one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guichet.core.bulk import copy_rows, upsert_rows
from guichet.core.models import OutgoingMail

pytestmark = pytest.mark.django_db


def mail(subject, **fields):
    fields = {"sender": "a@b.example", "recipients": ["c@d.example"], "content": "", **fields}
    return OutgoingMail(subject=subject, **fields)


def test_what_is_copied_is_read_back_as_it_was():
    words = 'l\'État\ta\\nb \\N "guillemets" {accolades}\nété'
    sent_at = timezone.now()
    copy_rows(OutgoingMail, [mail("a", content=words, sent_at=sent_at), mail("b", attempts=3)])
    stored = OutgoingMail.objects.get(subject="a")
    assert (stored.content, stored.recipients) == (words, ["c@d.example"])
    assert (stored.sent_at, stored.failed_at) == (sent_at, None)
    assert OutgoingMail.objects.get(subject="b").attempts == 3


def test_rows_without_a_key_draw_their_own():
    copy_rows(OutgoingMail, [mail("a"), mail("b")])
    mail("c").save()
    assert len(set(OutgoingMail.objects.values_list("pk", flat=True))) == 3


def test_nothing_is_copied_of_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        copy_rows(OutgoingMail, [])
        upsert_rows(OutgoingMail, [], unique=["id"])


def test_one_row_that_is_refused_stops_the_copy_whole():
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(OutgoingMail, [mail("a"), mail("b", sent_at=now, failed_at=now)])
    assert not OutgoingMail.objects.exists()


def test_rows_with_the_same_unique_columns_are_overwritten():
    held = mail("ancien", attempts=2)
    held.save()
    held.subject = "nouveau"
    upsert_rows(OutgoingMail, [held, mail("autre", pk=held.pk + 1)], unique=["id"])
    kept = OutgoingMail.objects.order_by("pk").values_list("subject", "attempts")
    assert list(kept) == [("nouveau", 2), ("autre", 0)]
