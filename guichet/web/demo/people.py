"""The people of the demonstration: one for each role, with an address that cannot exist."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from guichet.accounts.models import User
from guichet.directory.models import Membership, Network, Role, Structure

MANAGED = "demonstration-caf-59350"
ANSWERED = "demonstration-france_services-59512"
NETWORK = "caf"
DEPARTEMENTS = ("59",)
"""Where they work."""


@dataclass(frozen=True)
class Login:
    email: str
    full_name: str
    job_title: str
    role: Role
    structure_code: str = ""
    network_code: str = ""


LOGINS = (
    Login(
        "admin@demo.example", "Alix Demonet", "Administration de la plateforme", Role.ADMINISTRATOR
    ),
    Login("publication@demo.example", "Sacha Lebrun", "Publication", Role.PUBLISHER),
    Login("moderation@demo.example", "Camille Roux", "Modération", Role.MODERATOR),
    Login(
        "reseau.caf@demo.example", "Dominique Vasseur", "Qualité du réseau", Role.LEAD, "", NETWORK
    ),
    Login("caf.lille@demo.example", "Claude Mercier", "Responsable de site", Role.MANAGER, MANAGED),
    Login(
        "reponse.lille@demo.example", "Lou Garnier", "Réponse aux usagers", Role.RESPONDER, MANAGED
    ),
    Login("lecture.lille@demo.example", "Noa Petit", "Accueil", Role.READER, MANAGED),
    Login(
        "fs.roubaix@demo.example", "Andrea Colin", "Conseil France services", Role.MANAGER, ANSWERED
    ),
)


@transaction.atomic
def make_people() -> list[tuple[Login, str]]:
    """Each login with what it is for; people already there are left as they are."""
    made: list[tuple[Login, str]] = []
    for login in LOGINS:
        person = User.objects.filter(email=login.email).first() or User.objects.create_user(
            login.email, full_name=login.full_name, job_title=login.job_title
        )
        structure = Structure.objects.filter(code=login.structure_code).first()
        network = Network.objects.filter(code=login.network_code).first()
        if login.structure_code and structure is None:
            continue
        membership, _ = Membership.objects.get_or_create(
            user=person, role=login.role, structure=structure, network=network, ended_at=None
        )
        made.append((login, f"{membership.get_role_display()}, {membership.scope_name}"))
    return made
