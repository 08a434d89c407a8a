"""Audit: each write that matters leaves who, what, when, on what, before and after.

Owns `record`, `record_all` and `audited_save`; refuses to decide what matters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django_ltree.fields import PathValue

from guichet.accounts.models import AuditEvent, User

SYSTEM = "la plateforme"
NEVER_TOLD = frozenset({"password"})


def record(
    *,
    by: User | None,
    action: str,
    subject: models.Model,
    scope: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    label: str | None = None,
) -> AuditEvent:
    """Keep one event; `scope` is a dotted path of labels, `by=None` means the platform itself.

    `label` names the subject where its own name holds words that are erased one day: the audit
    never is.
    """
    event = event_of(
        by=by,
        action=action,
        subject=subject,
        scope=scope,
        before=before,
        after=after,
        label=label,
    )
    event.save()
    return event


def record_all(events: Iterable[AuditEvent]) -> None:
    """Keep many events made by `event_of`, of one operation on many things."""
    AuditEvent.objects.bulk_create(events, batch_size=1000)


def event_of(
    *,
    by: User | None,
    action: str,
    subject: models.Model,
    scope: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    label: str | None = None,
) -> AuditEvent:
    """An event not kept yet, as `record` would write it."""
    return AuditEvent(
        actor=by,
        actor_label=f"{by}"[:320] if by else SYSTEM,
        action=action,
        subject_kind=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject_label=(str(subject) if label is None else label)[:300],
        scope=scope,
        before=as_json(before),
        after=as_json(after),
    )


def audited_save(
    instance: models.Model,
    *,
    by: User | None,
    action: str,
    scope: str | None = None,
    fields: Iterable[str] | None = None,
    label: str | None = None,
) -> AuditEvent | None:
    """Save `instance` and record the fields that changed; nothing is recorded when none did.

    `fields` limits both the save and the comparison. Must run inside a transaction.
    """
    names = list(fields) if fields is not None else concrete_names(instance)
    after = {name: instance.serializable_value(name) for name in names}
    model = instance.__class__  # what `type` says of `request.user` is not the model
    stored = model._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    before = {name: stored.serializable_value(name) for name in names} if stored else None
    changed = [name for name in names if before is None or before[name] != after[name]]
    if not changed:
        return None
    if stored is None:
        instance.save()
    else:
        instance.save(update_fields=changed)
    return record(
        by=by,
        action=action,
        subject=instance,
        scope=scope,
        before=None if before is None else {name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        label=label,
    )


def concrete_names(instance: models.Model) -> list[str]:
    """Every stored field, save the key and what must never be read again (a password's hash)."""
    return [
        field.attname
        for field in instance._meta.concrete_fields
        if not field.primary_key and field.attname not in NEVER_TOLD
    ]


def as_json(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=AuditEncoder))
    return plain


class AuditEncoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, PathValue) else super().default(o)
