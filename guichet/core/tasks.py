"""Jobs of the platform itself."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guichet.core import mail, retention
from guichet.core.models import OutgoingMail

MAIL_RETRY = RetryStrategy(max_attempts=12, exponential_wait=3)


@app.task(name="deliver_mail", retry=MAIL_RETRY)
def deliver_mail(*, mail_id: int) -> None:
    queued = OutgoingMail.objects.filter(pk=mail_id).first()
    if queued:
        mail.deliver(queued)


@app.periodic(cron="30 2 * * *")
@app.task(name="erase_expired_personal_data")
def erase_expired_personal_data(timestamp: int) -> None:
    retention.erase_expired()
