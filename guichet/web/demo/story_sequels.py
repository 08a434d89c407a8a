"""What the agents of the demonstration are doing today of the latest stories: passing one on,
noting, sharing; and what a visitor reported.

Owns the choice of stories; refuses to answer any.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure
from guichet.experiences.answering.actions import assign, note, pass_on
from guichet.experiences.following.actions import report_content
from guichet.experiences.models import Addressee, ContentReport
from guichet.web.demo.people import ANSWERED, MANAGED

MANAGER, RESPONDER = "caf.lille@demo.example", "reponse.lille@demo.example"
LATEST = timedelta(days=90)
ASKED_COLLEAGUES = (
    "J'ai demandé au service des droits ce qui s'est passé ce jour-là. Sa réponse vient jeudi."
)
RECEIVED_THERE = "La personne a été reçue chez vous, nous n'avons fait que l'orienter."
OF_THE_OTHER_SITE = "C'est l'accueil de votre site qui est raconté."
REPORTED = "Cela ne s'est pas passé ainsi : j'étais juste derrière dans la file, ce jour-là."


def make_sequels(sites: Mapping[str, Structure], people: Mapping[str, User]) -> None:
    """Nothing where the site of the demonstration's agents has no story that waits."""
    manager, responder, home = people.get(MANAGER), people.get(RESPONDER), sites.get(MANAGED)
    if manager is None or responder is None or home is None:
        return
    waiting = list(
        Addressee.objects.waiting()
        .filter(structure=home, experience__published_at__gt=timezone.now() - LATEST)
        .select_related("experience", "structure")
        .order_by("-experience__published_at")[:4]
    )
    child = next((one for one in sites.values() if one.parent_id == home.pk), None)
    taken = iter(waiting)
    if one := next(taken, None):
        assign(addressee=one, to=responder, by=manager)
    if one := next(taken, None):
        note(addressee=one, by=responder, text=ASKED_COLLEAGUES)
    if ANSWERED in sites and (one := next(taken, None)):
        pass_on(addressee=one, target=sites[ANSWERED], by=responder, reason=RECEIVED_THERE)
    if child is not None and (one := next(taken, None)):
        pass_on(addressee=one, target=child, by=manager, reason=OF_THE_OTHER_SITE)
    if waiting:
        report_content(
            experience=waiting[0].experience,
            topic=ContentReport.Topic.FALSE,
            message=REPORTED,
        )
