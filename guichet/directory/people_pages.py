"""People as an administrator sees them: found by name, with what each may do.

Owns reads; refuses HTTP, and any write.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from guichet.accounts.audit_words import AuditLine
from guichet.accounts.models import AuditEvent, ProviderIdentity, SignIn, User
from guichet.accounts.queries import AuthenticatorLine, authenticators_of, open_sessions_of, people
from guichet.directory.audit_pages import history_lines
from guichet.directory.models import Membership
from guichet.directory.models.memberships import PROGRAMME_ROLES

ACTIVE, GONE, WITHOUT_ROLE = "", "parties", "sans-role"
STATES = {ACTIVE: "Comptes actifs", WITHOUT_ROLE: "Sans rôle", GONE: "Comptes désactivés"}
LATEST_SIGN_INS = 5
LATEST_EVENTS = 10


@dataclass(frozen=True)
class PersonSheet:
    person: User
    programme_roles: list[Membership]
    other_roles: list[Membership]
    ended_roles: list[Membership]
    authenticators: list[AuthenticatorLine]
    identity: ProviderIdentity | None
    sign_ins: list[SignIn]
    open_sessions: int
    history: list[AuditLine]

    @property
    def roles_left(self) -> list[str]:
        """Programme roles that the person does not hold."""
        held = {membership.role for membership in self.programme_roles}
        return [role.value for role in PROGRAMME_ROLES if role not in held]


def people_found(text: str, state: str) -> QuerySet[User]:
    """Each with `last_sign_in` and, prefetched, `current_roles`."""
    current = Membership.objects.filter(ended_at__isnull=True)
    found = people(text).filter(is_active=state != GONE)
    if state == WITHOUT_ROLE:
        found = found.filter(~Exists(current.filter(user=OuterRef("pk"))))
    latest = SignIn.objects.filter(user=OuterRef("pk")).order_by("-opened_at")
    return found.annotate(last_sign_in=Subquery(latest.values("opened_at")[:1])).prefetch_related(
        Prefetch(
            "memberships",
            queryset=current.select_related("structure", "network").order_by("given_at", "pk"),
            to_attr="current_roles",
        )
    )


def person_sheet(person: User) -> PersonSheet:
    """In six queries."""
    roles = list(
        Membership.objects.filter(user=person)
        .select_related("structure", "network", "given_by")
        .order_by("-given_at", "-pk")
    )
    current = [membership for membership in roles if membership.ended_at is None]
    return PersonSheet(
        person=person,
        programme_roles=[one for one in current if one.role in PROGRAMME_ROLES],
        other_roles=[one for one in current if one.role not in PROGRAMME_ROLES],
        ended_roles=[membership for membership in roles if membership.ended_at is not None],
        authenticators=authenticators_of(person),
        identity=ProviderIdentity.objects.filter(user=person).first(),
        sign_ins=list(SignIn.objects.filter(user=person)[:LATEST_SIGN_INS]),
        open_sessions=open_sessions_of(person).count() if person.is_active else 0,
        history=history_lines(
            AuditEvent.objects.about(kind="user", identifier=person.pk)[:LATEST_EVENTS]
        ),
    )
