"""How an author is reached: another address, another link, with or without news.

Owns these changes; refuses an address that nobody confirmed.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from guichet.core.errors import RuleViolation
from guichet.core.mail import send_and_forget
from guichet.core.tokens import read_token
from guichet.experiences.links import author_named, follow_url, token_naming
from guichet.experiences.models import Author
from guichet.experiences.noting import note_links_ended

PURPOSE = "experience-new-address"
CONFIRMED_WITHIN = timedelta(days=2)
USED = "Ce lien a déjà servi, ou un plus récent l'a remplacé."


def set_news(*, author: Author, wants_news: bool) -> None:
    """Each event by mail, or none."""
    if wants_news and not author.email:
        raise RuleViolation("Donnez d'abord une adresse électronique.")
    author.wants_news = wants_news
    author.save(update_fields=["wants_news"])


def ask_new_address(*, author: Author, email: str) -> None:
    """Mail a confirmation to the new address; the present one serves until it is confirmed."""
    if email.lower() == author.email.lower():
        raise RuleViolation("C'est déjà l'adresse à laquelle nous vous écrivons.")
    token = token_naming(author, PURPOSE, email)
    letter(
        to=email,
        subject="confirmez votre nouvelle adresse",
        template="new_address",
        link=f"{settings.PUBLIC_URL}{reverse('confirm_address', args=[token])}",
    )


def author_of_new_address(token: str) -> tuple[Author, str]:
    """Whose new address a link confirms, and the address; `RuleViolation` when it cannot."""
    key, version, email = read_token(PURPOSE, token, valid_for=CONFIRMED_WITHIN)
    author = author_named(key, version)
    if author is None:
        raise RuleViolation(USED)
    return author, str(email)


@transaction.atomic
def confirm_new_address(token: str) -> Author:
    """The new address takes effect, all former links end, and the former address is told."""
    found, email = author_of_new_address(token)
    same_links = Author.objects.filter(pk=found.pk, link_version=found.link_version)
    author = same_links.select_for_update(of=("self",)).first()
    if author is None:
        raise RuleViolation(USED)
    note_links_ended(author)
    former, author.email = author.email, email
    author.wants_news = True
    author.link_version += 1
    author.save(update_fields=["email", "link_version", "wants_news"])
    letter(to=email, subject="votre page de suivi", template="new_link", link=follow_url(author))
    if former:
        letter(to=former, subject="votre adresse a changé", template="address_changed")
    return author


@transaction.atomic
def renew_link(author: Author) -> Author:
    """End all links of this author, and mail the new one; without an address, the page shows it."""
    held = Author.objects.select_for_update().get(pk=author.pk)
    note_links_ended(held)
    held.link_version += 1
    held.save(update_fields=["link_version"])
    if held.email:
        letter(
            to=held.email,
            subject="votre nouveau lien de suivi",
            template="new_link",
            link=follow_url(held),
        )
    return held


def letter(*, to: str, subject: str, template: str, link: str = "") -> None:
    context = {"link": link, "institution": settings.INSTITUTION}
    send_and_forget(
        subject=f"{settings.INSTITUTION} : {subject}",
        body=render_to_string(f"experiences/following/mail/{template}.txt", context),
        to=to,
    )
