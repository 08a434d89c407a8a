"""A mail to somebody who only gave an address for it leaves no trace of that address."""

import pytest

from guichet.core.mail import deliver, send_and_forget
from guichet.core.models import OutgoingMail


@pytest.mark.django_db
def test_an_address_given_for_one_mail_is_forgotten_once_it_left(settings, tmp_path):
    settings.EMAIL_BACKEND = "guichet.core.mail.OutboxBackend"
    settings.MAIL_DELIVERY_BACKEND = "guichet.core.mail.FileBackend"
    settings.MAIL_FOLDER = tmp_path
    send_and_forget(subject="Votre réponse", body="Bonjour", to="moi@exemple.fr")
    queued = OutgoingMail.objects.get()
    assert queued.recipients == ["moi@exemple.fr"]
    assert "X-Guichet" not in queued.content
    assert deliver(queued)
    queued.refresh_from_db()
    assert (queued.recipients, queued.subject, queued.content) == ([], "", "")
