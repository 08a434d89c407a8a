"""Questions, calls and a hand-over sheet of the demonstration: made by the site's own actions."""

from __future__ import annotations

from guichet.accounts.models import User
from guichet.directory.models import Structure, StructureKind
from guichet.orientation.actions.calls import CallFacts, note_call
from guichet.orientation.actions.handovers import create_handover
from guichet.orientation.answers import Question, answer_to
from guichet.orientation.counting import count_answer, count_wrong_service
from guichet.orientation.coverage.measures import FRANCE_SERVICES, measure_coverage
from guichet.orientation.models import DeskCall, Handover, Need, Tally
from guichet.territories.models import Commune
from guichet.web.demo.people import ANSWERED, MANAGED

ADVISER = "fs.roubaix@demo.example"
TOWNS = ("Lille", "Roubaix", "Dunkerque")
QUESTIONS = (
    "je veux demander le RSA",
    "plus de rsa depuis deux mois",
    "refaire ma carte d'identité",
    "mon mari est mort que faire",
    "je déménage",
    "permis de conduire perdu",
    "problème avec mon employeur",
    "papiers pour ma mère âgée",
    "mon forfait internet ne marche plus",
    "le zébu du voisin",
)
CALLS = (
    ("59512", "demander-rsa", "caf", DeskCall.Outcome.TRANSFERRED),
    ("59350", "refaire-carte-identite", "mairie", DeskCall.Outcome.ANSWERED),
    ("59183", "permis-perdu-vole", "france_services", DeskCall.Outcome.ANSWERED),
    ("59350", "", "", DeskCall.Outcome.NOT_FOUND),
)


def make_orientation() -> str:
    """Nothing where questions were asked already."""
    measure_coverage(FRANCE_SERVICES)
    if Tally.objects.exists():
        return "déjà faite"
    for rank, text in enumerate(QUESTIONS):
        for _ in range(1 + rank % 3):
            count_answer(answer_to(Question(text, TOWNS[rank % len(TOWNS)])))
    count_wrong_service(need="demander-rsa", kind="ccas", departement="59")
    adviser = User.objects.filter(email=ADVISER).first()
    if adviser is not None:
        make_sheet(adviser)
        make_calls(adviser)
    return f"{len(QUESTIONS)} questions, {DeskCall.objects.count()} appels"


def make_sheet(by: User) -> None:
    sender = Structure.objects.filter(code=ANSWERED).first()
    receiver = Structure.objects.filter(code=MANAGED).first()
    if sender is None or receiver is None or Handover.objects.exists():
        return
    need = Need.objects.filter(code="demander-rsa").first()
    create_handover(
        sender=sender,
        receiver=receiver,
        by=by,
        subject="Demander le RSA",
        why="La CAF étudie votre demande et verse le RSA.",
        documents=need.documents if need else [],
        need=need,
        came_from=StructureKind.objects.filter(code="france_travail").first(),
    )


def make_calls(by: User) -> None:
    for insee_code, need, kind, outcome in CALLS:
        facts = CallFacts(
            outcome=outcome,
            commune=Commune.objects.filter(insee_code=insee_code).first(),
            need=Need.objects.filter(code=need).first(),
            kind=StructureKind.objects.filter(code=kind).first(),
        )
        note_call(facts=facts, by=by)
