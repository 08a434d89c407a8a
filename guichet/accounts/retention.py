"""What is kept of people and of their acts, and until when (GDPR, article 5(1)(e)).

Owns the durations; the audit's three years are also held by the database (migration 0002).
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from guichet.accounts import actions
from guichet.accounts.models import AuditEvent, SignIn, User
from guichet.core.extensions import RetentionRule

# Three years, whatever the leap years: never less than the database's own "3 years".
THREE_YEARS = timedelta(days=3 * 365 + 1)
ONE_YEAR = timedelta(days=365)


def erase_old_events() -> int:
    erased, _ = AuditEvent.objects.filter(at__lt=timezone.now() - THREE_YEARS).delete()
    return erased


def forget_inactive_people() -> int:
    """Anonymise whoever has not signed in, nor been invited, for three years."""
    limit = timezone.now() - THREE_YEARS
    forgotten = User.objects.filter(
        Q(last_login__lt=limit) | Q(last_login__isnull=True),
        anonymised_at__isnull=True,
        joined_at__lt=limit,
    )
    for user in list(forgotten):
        actions.anonymise_user(user=user)
    return len(forgotten)


def erase_old_sign_ins() -> int:
    erased, _ = SignIn.objects.filter(opened_at__lt=timezone.now() - ONE_YEAR).delete()
    return erased


def erase_ended_sessions() -> int:
    erased, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return erased


def erase_old_attempts() -> int:
    """Counters of attempts hold network addresses; the cache only hides those that expired."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < now()")
        return int(cursor.rowcount)


audit_rule = RetentionRule(
    name="audit",
    what="Journal des actes des agents (nom, acte, date, valeurs avant et après)",
    why="Expliquer qui a changé quoi, répondre d'une décision, déceler un abus",
    kept_for=THREE_YEARS,
    erase=erase_old_events,
)
people_rule = RetentionRule(
    name="people",
    what="Comptes des agents sans connexion (nom, fonction, adresse électronique)",
    why="Rouvrir l'accès d'un agent qui revient, attribuer ses actes passés",
    kept_for=THREE_YEARS,
    erase=forget_inactive_people,
)
sign_ins_rule = RetentionRule(
    name="sign_ins",
    what="Historique des connexions des agents (date, moyen, type d'appareil)",
    why="Permettre à chacun de reconnaître ses connexions, enquêter sur un accès frauduleux",
    kept_for=ONE_YEAR,
    erase=erase_old_sign_ins,
)
sessions_rule = RetentionRule(
    name="sessions",
    what="Sessions ouvertes (identifiant technique)",
    why="Rester connecté le temps d'une journée de travail",
    kept_for=timedelta(seconds=settings.SESSION_COOKIE_AGE),
    erase=erase_ended_sessions,
)
attempts_rule = RetentionRule(
    name="attempts",
    what="Compteurs d'essais de connexion et de références (adresse réseau, adresse électronique "
    "brouillée)",
    why="Empêcher de deviner un code ou une référence à force d'essais",
    kept_for=timedelta(days=1),
    erase=erase_old_attempts,
)
RULES = (audit_rule, people_rule, sign_ins_rule, sessions_rule, attempts_rule)
