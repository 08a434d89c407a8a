"""News of a service, a network or a département by mail: asked, confirmed, sent, ended.

Owns `Subscription` and its daily mail; refuses to write to an address that did not confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.mail import FORGOTTEN_ONCE_SENT, send_and_forget
from guichet.core.tokens import make_token, read_token, sealed
from guichet.experiences.models import Experience, Reply, Subscription
from guichet.experiences.noting import note_end
from guichet.experiences.reading.listing import within
from guichet.experiences.reading.scopes import Scope, territory_of_departement

CONFIRM, END = "confirm-subscription", "end-subscription"
CONFIRMED_WITHIN = timedelta(days=7)
LINK_LIVES = timedelta(days=5 * 365)
MOST_OF_AN_ADDRESS = 30
LINES_A_MAIL = 20
SUBSCRIPTION_GONE = "Cet abonnement n'existe plus."


@dataclass(frozen=True)
class News:
    """What is new for one subscription, at most twenty lines of each sort; `more` says how many
    were left out."""

    subscription: Subscription
    stories: tuple[Experience, ...]
    replies: tuple[Reply, ...]
    more: int
    end_url: str


def name_of(subscription: Subscription) -> str:
    """ "le service « Mairie de Brest »"."""
    if subscription.structure is not None:
        return f"le service « {subscription.structure} »"
    if subscription.network is not None:
        return f"le réseau « {subscription.network} »"
    return f"le département « {subscription.departement} »"


def scope_of(subscription: Subscription) -> Scope:
    place = subscription.departement
    return Scope(
        structure=subscription.structure,
        network=subscription.network,
        territory=territory_of_departement(place) if place is not None else None,
    )


def ask_subscription(*, email: str, scope: Scope) -> Subscription | None:
    """Keep the wish and mail the link that confirms it; asked again, the mail goes again. An
    address that follows thirty things already gets their list instead, and None is returned.
    Nothing on the page tells whether an address is subscribed."""
    asked, is_new = Subscription.objects.get_or_create(
        email=email.lower(),
        structure=scope.structure,
        network=scope.network,
        departement_id=scope.territory.code if scope.territory else None,
        defaults={"seal": sealed(END, email.lower())},
    )
    if is_new and Subscription.objects.filter(email=asked.email).count() > MOST_OF_AN_ADDRESS:
        asked.delete()
        tell_of_too_many(asked)
        return None
    is_confirmed = asked.confirmed_at is not None
    address = end_url(asked) if is_confirmed else confirm_url(asked)
    context = {
        "name": name_of(asked),
        "link": address,
        "is_confirmed": is_confirmed,
        "institution": settings.INSTITUTION,
    }
    send_and_forget(
        subject=f"{settings.INSTITUTION} : "
        + ("vous êtes déjà abonné" if is_confirmed else "confirmez votre abonnement"),
        body=render_to_string("experiences/following/mail/subscribe.txt", context),
        to=asked.email,
    )
    return asked


def tell_of_too_many(wished: Subscription) -> None:
    """To the address alone: what it follows already, each with the link that ends it."""
    kept = Subscription.objects.filter(email=wished.email).order_by("asked_at", "pk")
    followed = kept.select_related("structure", "network", "departement")
    context = {
        "name": name_of(wished),
        "most": MOST_OF_AN_ADDRESS,
        "followed": [(name_of(one), end_url(one)) for one in followed],
        "institution": settings.INSTITUTION,
    }
    send_and_forget(
        subject=f"{settings.INSTITUTION} : vous suivez déjà {MOST_OF_AN_ADDRESS} services",
        body=render_to_string("experiences/following/mail/too_many.txt", context),
        to=wished.email,
    )


def confirm_url(subscription: Subscription) -> str:
    token = make_token(CONFIRM, named(subscription))
    return f"{settings.PUBLIC_URL}{reverse('confirm_subscription', args=[token])}"


def end_url(subscription: Subscription, *, is_of_all: bool = False) -> str:
    token = make_token(END, [*named(subscription), subscription.seal if is_of_all else ""])
    return f"{settings.PUBLIC_URL}{reverse('end_subscription', args=[token])}"


def subscription_to_confirm(token: str) -> Subscription:
    number, asked = read_token(CONFIRM, token, valid_for=CONFIRMED_WITHIN)
    return found(number, asked)


def subscription_to_end(token: str) -> tuple[Subscription, bool]:
    """The subscription of a link, and whether the link ends all those of its address: it does
    even when the one it was made for has ended."""
    number, asked, seal = read_token(END, token, valid_for=LINK_LIVES)
    if not seal:
        return found(number, asked), False
    left = Subscription.objects.filter(seal=seal).first()
    return found(*named(left) if left else (number, asked)), True


def named(subscription: Subscription) -> tuple[int, str]:
    """What a link carries of it: its number, which a restored backup gives again, and the very
    microsecond when it was asked, which no other has."""
    return subscription.pk, subscription.asked_at.astimezone(UTC).isoformat()


def found(number: int, asked: str) -> Subscription:
    kept = Subscription.objects.select_related("structure", "network", "departement__region")
    subscription = kept.filter(pk=number).first()
    if subscription is None or named(subscription)[1] != asked:
        raise RuleViolation(SUBSCRIPTION_GONE)
    return subscription


def confirm_subscription(token: str) -> Subscription:
    """News begin now; confirmed twice, nothing changes."""
    subscription = subscription_to_confirm(token)
    if subscription.confirmed_at is None:
        subscription.confirmed_at = subscription.told_until = timezone.now()
        subscription.save(update_fields=["confirmed_at", "told_until"])
    return subscription


def end_subscription(subscription: Subscription, *, is_of_all: bool = False) -> int:
    """Erase it, or all those of its address; how many."""
    kept = Subscription.objects.filter(email=subscription.email)
    ended = kept if is_of_all else kept.filter(pk=subscription.pk)
    for one in ended:
        note_end(one)
    erased, _ = ended.delete()
    return erased


def send_daily_news() -> int:
    """One mail to each address that has something new; how many."""
    now = timezone.now()
    confirmed = (
        Subscription.objects.filter(confirmed_at__isnull=False)
        .select_related("structure", "network", "departement__region")
        .order_by("email", "pk")
    )
    return sum(
        send_news(list(same_address), now)
        for _, same_address in groupby(confirmed.iterator(), key=lambda one: one.email)
    )


@transaction.atomic
def send_news(subscriptions: list[Subscription], until: datetime) -> bool:
    """Queue the mail of one address and note until when it was told; False when nothing is new."""
    held = Subscription.objects.select_for_update().filter(
        pk__in=[one.pk for one in subscriptions], told_until__lt=until
    )
    fresh = set(held.values_list("pk", flat=True))
    news = [news_of(one, until) for one in subscriptions if one.pk in fresh]
    news = [one for one in news if one.stories or one.replies]
    Subscription.objects.filter(pk__in=fresh).update(told_until=until)
    if not news:
        return False
    first = news[0].subscription
    all_url = end_url(first, is_of_all=True)
    context = {
        "news": [(name_of(one.subscription), one) for one in news],
        "site": settings.PUBLIC_URL,
        "all_url": all_url,
        "institution": settings.INSTITUTION,
    }
    EmailMessage(
        f"{settings.INSTITUTION} : du nouveau dans les récits que vous suivez",
        render_to_string("experiences/following/mail/news.txt", context),
        None,
        [first.email],
        headers={
            FORGOTTEN_ONCE_SENT: "1",
            "List-Unsubscribe": f"<{all_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    ).send()
    return True


def news_of(subscription: Subscription, until: datetime) -> News:
    """Stories published and answers given since the last mail."""
    since = subscription.told_until
    public = within(Experience.objects.published(), scope_of(subscription))
    stories = public.filter(published_at__gt=since, published_at__lte=until)
    replies = (
        Reply.objects.filter(
            addressee__experience__in=public.order_by().values("pk"),
            addition_to__isnull=True,
            removed_at__isnull=True,
            published_at__gt=since,
            published_at__lte=until,
        )
        .select_related("structure", "addressee__experience")
        .order_by("published_at", "pk")
    )
    shown = tuple(stories.order_by("published_at", "pk")[:LINES_A_MAIL])
    answered = tuple(replies[:LINES_A_MAIL])
    left_out = stories.count() - len(shown) + replies.count() - len(answered)
    return News(subscription, shown, answered, left_out, end_url(subscription))


def erase_unconfirmed() -> int:
    """Wishes that nobody confirmed within seven days."""
    oldest = timezone.now() - CONFIRMED_WITHIN
    erased, _ = Subscription.objects.filter(confirmed_at=None, asked_at__lt=oldest).delete()
    return erased
