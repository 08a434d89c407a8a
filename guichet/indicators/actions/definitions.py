"""Define what is measured: indicators, their versions, their retirement.

Owns `Indicator` and `IndicatorVersion`; refuses to change what figures already rest on, but for
titles and words: another definition is another version (`docs/methods/observation.md`, § 1).
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from guichet.accounts.audit import audited_save, record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Role
from guichet.directory.permissions import powers_of
from guichet.indicators.definitions.content import (
    FIELDS,
    LOW_MINIMUM,
    ORDINARY_MINIMUM,
    WORDS,
    VersionContent,
    content_of,
    faults_of,
    put,
)
from guichet.indicators.definitions.usage import is_used
from guichet.indicators.models import Indicator, IndicatorVersion
from guichet.indicators.models.definitions import CODE

RESERVED_CODES = frozenset({"creer"})
"""Addresses of other pages."""


def may_define(by: object, owner: Network | None) -> bool:
    """A network's lead its own indicators, the programme's publishers the programme's."""
    powers = powers_of(by)
    if owner is not None:
        return powers.leads(owner.pk)
    return powers.has_programme_role(Role.PUBLISHER, Role.ADMINISTRATOR)


def may_lower_minimum(by: object) -> bool:
    """Under ten cases, a figure may tell of somebody: not for who sends it to say otherwise."""
    return powers_of(by).has_programme_role(Role.PUBLISHER, Role.ADMINISTRATOR)


@transaction.atomic
def create_indicator(
    *, code: str, owner: Network | None, content: VersionContent, by: User
) -> IndicatorVersion:
    """An indicator with its version 1. `RuleViolation` when its code is taken or badly written."""
    refuse_stranger(by, owner)
    refuse_faults(content)
    refuse_low_minimum(content, by)
    if not is_code(code) or code in RESERVED_CODES:
        raise RuleViolation(
            f"« {code} » ne peut pas être un code : écrivez des lettres sans accent, des chiffres, "
            "des points et des tirets, par exemple taux-appel."
        )
    try:
        with transaction.atomic():
            indicator = Indicator.objects.create(code=code, owner=owner)
    except IntegrityError as error:
        raise RuleViolation(
            f"Le code « {code} » est déjà pris par un autre indicateur : choisissez-en un autre."
        ) from error
    return add_version(indicator, 1, content, "", by)


@transaction.atomic
def create_version(
    *, indicator: Indicator, content: VersionContent, change_note: str, by: User
) -> IndicatorVersion:
    """The next version, with a series of its own. `change_note` says what changes, in words."""
    stored = locked(indicator)
    refuse_stranger(by, stored.owner)
    refuse_faults(content)
    refuse_low_minimum(content, by)
    if stored.retired_on is not None:
        raise RuleViolation("Cet indicateur est retiré : remettez-le d'abord en service.")
    if not change_note.strip():
        raise RuleViolation("Dites en une phrase ce qui change : les lecteurs le verront.")
    last = stored.versions.order_by("-number").first()
    if last is not None and content_of(last) == content:
        raise RuleViolation("Rien ne change : une nouvelle version n'est pas utile.")
    return add_version(stored, last.number + 1 if last else 1, content, change_note.strip(), by)


def add_version(
    indicator: Indicator, number: int, content: VersionContent, change_note: str, by: User
) -> IndicatorVersion:
    version = IndicatorVersion(indicator=indicator, number=number, change_note=change_note, by=by)
    put(content, version)
    version.save()
    record(
        by=by,
        action="indicator.created" if number == 1 else "indicator.version_created",
        subject=version,
        scope=scope_of(indicator),
        after={"title": version.title, "kind": version.kind, "change_note": change_note},
    )
    return version


@transaction.atomic
def edit_version(*, version: IndicatorVersion, content: VersionContent, by: User) -> bool:
    """Write what differs; False when nothing does.

    Once an accepted batch holds the version, only its titles and words may differ.
    """
    indicator = locked(version.indicator)
    refuse_stranger(by, indicator.owner)
    refuse_faults(content)
    stored = IndicatorVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    before = content_of(stored)
    changed = [name for name in FIELDS if getattr(before, name) != getattr(content, name)]
    if set(changed) - set(WORDS) and is_used(stored):
        raise RuleViolation(
            "Des chiffres acceptés reposent sur cette version : seuls ses intitulés et ses mots "
            "peuvent changer. Pour le reste, créez une nouvelle version."
        )
    if set(changed) - set(WORDS):
        refuse_low_minimum(content, by)
    put(content, stored)
    event = audited_save(
        stored,
        by=by,
        action="indicator.version_edited",
        scope=scope_of(indicator),
        fields=FIELDS,
    )
    return event is not None


@transaction.atomic
def retire_indicator(*, indicator: Indicator, by: User) -> None:
    """It keeps its past figures and takes no more."""
    stored = locked(indicator)
    refuse_stranger(by, stored.owner)
    if stored.retired_on is None:
        stored.retired_on = timezone.localdate()
        keep_retirement(stored, by, "indicator.retired")


@transaction.atomic
def reinstate_indicator(*, indicator: Indicator, by: User) -> None:
    stored = locked(indicator)
    refuse_stranger(by, stored.owner)
    if stored.retired_on is not None:
        stored.retired_on = None
        keep_retirement(stored, by, "indicator.reinstated")


def keep_retirement(indicator: Indicator, by: User, action: str) -> None:
    audited_save(indicator, by=by, action=action, scope=scope_of(indicator), fields=["retired_on"])


def locked(indicator: Indicator) -> Indicator:
    return (
        Indicator.objects.select_for_update(of=("self",))
        .select_related("owner")
        .get(pk=indicator.pk)
    )


def refuse_stranger(by: User, owner: Network | None) -> None:
    if not may_define(by, owner):
        raise RuleViolation(
            "Cet indicateur n'est pas le vôtre : demandez à qui le définit de le changer."
        )


def is_code(code: str) -> bool:
    try:
        CODE(code)
    except ValidationError:
        return False
    return True


def refuse_faults(content: VersionContent) -> None:
    told = [message for _, message in faults_of(content)]
    if told:
        raise RuleViolation(" ".join(told))


def refuse_low_minimum(content: VersionContent, by: User) -> None:
    if content.minimum < ORDINARY_MINIMUM and not may_lower_minimum(by):
        raise RuleViolation(LOW_MINIMUM)


def scope_of(indicator: Indicator) -> str | None:
    """Who reads its history: the network that owns it, or the programme's administrators."""
    return indicator.owner.scope_label if indicator.owner else None
