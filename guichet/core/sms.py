"""Text messages, through the gateway that the installation names (`GUICHET_SMS_URL`).

Owns what is posted and how a refusal is told; refuses to store or log a number or a text.
"""

from __future__ import annotations

import logging
from typing import Any

import requests
from django.conf import settings

from guichet.core.errors import RuleViolation

LONGEST = 300
TIMEOUT_SECONDS = (2, 3)
"""To connect, then to answer: five seconds in all."""

REFUSED_NUMBER = {400, 404, 422}
logger = logging.getLogger("guichet.sms")


class BearerToken(requests.auth.AuthBase):
    """Given as `auth`, so that no `.netrc` of the machine takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def is_configured() -> bool:
    return bool(settings.SMS_URL)


def send_sms(*, to: str, text: str) -> None:
    """Post `{"to", "from", "text"}` to the gateway; `to` is in E.164 ("+33639980000").

    Sent once it answers 2xx; else `RuleViolation`, which says what to do. Redirections are not
    followed: the number goes to the gateway alone. `ValueError` beyond 300 characters.
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} characters, {LONGEST} at most")
    if not is_configured():
        raise RuleViolation("L'envoi de SMS n'est pas proposé ici : imprimez, ou écrivez un mail.")
    try:
        with requests.post(
            settings.SMS_URL,
            json={"to": to, "from": settings.SMS_SENDER, "text": text},
            auth=BearerToken(settings.SMS_TOKEN),
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status = answer.status_code
    except (requests.RequestException, ValueError) as error:
        logger.warning("sms not sent", extra={"subject": type(error).__name__})
        raise RuleViolation(
            "Le SMS n'est pas parti : le service d'envoi ne répond pas. Réessayez dans quelques "
            "minutes."
        ) from None
    if not 200 <= status < 300:
        logger.warning("sms refused", extra={"subject": f"status:{status}"})
        raise RuleViolation(refusal(status))


def refusal(status: int) -> str:
    if status in REFUSED_NUMBER:
        return "Le SMS n'est pas parti : le service d'envoi refuse ce numéro. Vérifiez-le."
    if status == 429 or status >= 500:
        return (
            "Le SMS n'est pas parti : le service d'envoi est en panne ou débordé. Réessayez dans "
            "quelques minutes."
        )
    return (
        f"Le SMS n'est pas parti : le service d'envoi a répondu {status}. Prévenez la personne qui "
        "administre la plateforme."
    )
