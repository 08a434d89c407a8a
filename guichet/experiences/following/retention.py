"""What following keeps of persons, and until when (GDPR, article 5(1)(e))."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import CharField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from guichet.core.extensions import RetentionRule
from guichet.experiences.following.actions.gestures import KEPT_FOR as GESTURES_KEPT_FOR
from guichet.experiences.following.actions.gestures import erase_old_gestures
from guichet.experiences.following.actions.leaving import detach
from guichet.experiences.following.actions.subscriptions import (
    CONFIRMED_WITHIN,
    erase_unconfirmed,
)
from guichet.experiences.models import (
    Addressee,
    Author,
    ContentReport,
    Experience,
    State,
    Subscription,
)
from guichet.experiences.source_names import STORY_SOURCE
from guichet.moderation.models import OriginalText

YEAR = timedelta(days=365)
AUTHORS_KEPT_FOR = 3 * YEAR
UNPUBLISHED_KEPT_FOR = YEAR
SUBSCRIPTIONS_KEPT_FOR = 3 * YEAR
REPORTS_KEPT_FOR = YEAR
UNSETTLED_KEPT_FOR = 2 * YEAR


def reachable_before(oldest: datetime) -> QuerySet[Author]:
    """Authors whom something still leads to, and of whose story nothing happened since."""
    named = Author.objects.exclude(email="", code_seal="", draft_seal="")
    return named.annotate(last=Max("experience__events__at")).filter(
        last__lt=oldest, experience__confirmed_at__lt=oldest
    )


def forget_authors() -> int:
    """The published story stays, with what its author said of the answers."""
    return detach_all(
        reachable_before(timezone.now() - AUTHORS_KEPT_FOR).filter(
            experience__state=State.PUBLISHED
        )
    )


def forget_unpublished_authors() -> int:
    """Also those whose story was never decided, once its words are erased. What they typed of
    services and procedures, which nobody masked, goes with them."""
    words = OriginalText.objects.filter(
        text__source=STORY_SOURCE, text__reference=Cast(OuterRef("pk"), CharField())
    )
    may_be_published = Q(experience__state=State.IN_MODERATION) & Exists(words)
    authors = reachable_before(timezone.now() - UNPUBLISHED_KEPT_FOR).exclude(
        Q(experience__state=State.PUBLISHED) | may_be_published
    )
    stories = list(authors.values_list("pk", flat=True))
    Addressee.objects.filter(experience__in=stories).update(name_entered="")
    Experience.objects.filter(pk__in=stories).update(procedures_entered="")
    return detach_all(Author.objects.filter(pk__in=stories))


def detach_all(authors: QuerySet[Author]) -> int:
    found = list(authors)
    for author in found:
        detach(author)
    return len(found)


def end_old_subscriptions() -> int:
    oldest = timezone.now() - SUBSCRIPTIONS_KEPT_FOR
    erased, _ = Subscription.objects.filter(confirmed_at__lt=oldest).delete()
    return erased


def erase_old_reports() -> int:
    """What was said; that something was reported and settled stays, to be counted."""
    now = timezone.now()
    settled = ContentReport.objects.filter(settled_at__lt=now - REPORTS_KEPT_FOR).exclude(
        message="", outcome=""
    )
    erased = settled.update(message="", name="", email="", outcome="")
    forgotten, _ = ContentReport.objects.filter(
        settled_at=None, reported_at__lt=now - UNSETTLED_KEPT_FOR
    ).delete()
    return erased + forgotten


RULES = (
    RetentionRule(
        name="story_authors",
        what="Auteurs de récits publiés : adresse électronique ou sceau du code de suivi, à "
        "compter du dernier événement du récit",
        why="Prévenir l'auteur des réponses, demander si une promesse a été tenue, lui permettre "
        "de retirer son récit",
        kept_for=AUTHORS_KEPT_FOR,
        erase=forget_authors,
    ),
    RetentionRule(
        name="unpublished_story_authors",
        what="Auteurs de récits non publiés, orientés ou restés sans décision : adresse "
        "électronique ou sceau du code de suivi, à compter du dernier événement du récit",
        why="Permettre à l'auteur de lire la décision et de reprendre son texte",
        kept_for=UNPUBLISHED_KEPT_FOR,
        erase=forget_unpublished_authors,
    ),
    RetentionRule(
        name="visitor_gestures",
        what="Gestes des visiteurs (« j'ai vécu la même chose », « réponse utile ») : sceau de "
        "l'adresse réseau et du navigateur, que personne ne peut relire",
        why="Ne pas compter deux fois le même geste",
        kept_for=GESTURES_KEPT_FOR,
        erase=erase_old_gestures,
    ),
    RetentionRule(
        name="unconfirmed_subscriptions",
        what="Abonnements par courriel jamais confirmés : adresse électronique",
        why="Attendre la confirmation",
        kept_for=CONFIRMED_WITHIN,
        erase=erase_unconfirmed,
    ),
    RetentionRule(
        name="subscriptions",
        what="Abonnements par courriel : adresse électronique, service, réseau ou département "
        "suivi ; effacés aussitôt que la personne arrête",
        why="Envoyer les nouveaux récits et les réponses",
        kept_for=SUBSCRIPTIONS_KEPT_FOR,
        erase=end_old_subscriptions,
    ),
    RetentionRule(
        name="content_reports",
        what="Contenus signalés : ce qu'en dit la personne et la réponse, à compter de la suite "
        "donnée ; son nom et son adresse sont effacés dès la réponse",
        why="Traiter le signalement, y répondre (règlement sur les services numériques, "
        "article 16)",
        kept_for=REPORTS_KEPT_FOR,
        erase=erase_old_reports,
    ),
)
