"""What an author reads of a decision, before a moderator edits it. Plain words, how to amend."""

from __future__ import annotations

from guichet.moderation.detection.danger_kinds import DangerKind
from guichet.moderation.models import RefusalReason
from guichet.moderation.sources import Proposal

AMEND = (
    "Vous pouvez reprendre votre texte avec le lien de suivi, le corriger et l'envoyer à nouveau."
)
WHY = {
    RefusalReason.PERSONAL_DATA: (
        "Votre texte contient des informations qui permettent de reconnaître une personne, et "
        "nous n'avons pas pu les masquer sans le rendre incompréhensible. Racontez ce qui s'est "
        "passé sans nom, adresse, date de naissance ni numéro."
    ),
    RefusalReason.INSULT: (
        "Votre texte contient des mots qui blessent ou insultent une personne ou un groupe. Votre "
        "mécontentement peut être dit et il sera lu : décrivez les faits, sans ces mots."
    ),
    RefusalReason.NAMED_AGENT: (
        "Votre texte permet de reconnaître un agent et le met en cause. Parlez du service et de "
        "ce qui s'est passé plutôt que de la personne. Si vous voulez signaler son comportement, "
        "écrivez directement à la direction du service."
    ),
    RefusalReason.OUT_OF_SCOPE: (
        "Votre texte ne parle pas d'une démarche ou d'un contact avec un service public : nous ne "
        "pouvons pas le transmettre. Si c'est bien d'un service public qu'il s'agit, dites lequel "
        "et ce que vous vouliez y faire."
    ),
    RefusalReason.INDIVIDUAL_FILE: (
        "Votre texte demande une réponse sur votre propre dossier. Elle ne peut pas être donnée en "
        "public : écrivez ou téléphonez au service qui suit votre dossier, lui seul peut le "
        "consulter. Si vous voulez aussi raconter ce que vous avez vécu, sans les détails de "
        "votre dossier, c'est possible."
    ),
    RefusalReason.ADVERTISING: (
        "Votre texte fait connaître une entreprise, un produit ou un site. Les récits publiés ici "
        "disent seulement ce que des usagers ont vécu avec un service public."
    ),
    RefusalReason.UNINTELLIGIBLE: (
        "Nous n'avons pas compris ce qui s'est passé. Dites en quelques phrases à quel service "
        "vous vous êtes adressé, ce que vous vouliez et ce qui est arrivé. Une personne de "
        "confiance ou un espace France services peut vous aider à l'écrire."
    ),
    RefusalReason.DUPLICATE: (
        "Ce récit est déjà publié : nous ne le publions pas une seconde fois. Le service concerné "
        "a reçu le premier. S'il s'agit d'autre chose, dites ce qui est différent."
    ),
}
EXPLANATIONS = {reason: f"{why} {AMEND}" for reason, why in WHY.items()}
"""Of a refusal: it may be amended. What is removed once published may not."""

ORIENTED = (
    "Votre texte demande une réponse sur votre propre dossier. Seul le service qui le suit peut la "
    "donner : nous vous disons ci-dessous lequel et comment le joindre. Votre récit n'est pas "
    "publié."
)
EMERGENCY = (
    "Si quelqu'un est en danger maintenant, n'attendez pas : appelez le 15 ou le 112 pour une vie "
    "en danger, le 17 pour des violences ou des menaces. Si vous êtes sourd, ou si vous ne pouvez "
    "pas parler, écrivez un SMS au 114."
)
HELP = {
    DangerKind.SUICIDE: (
        "Si vous pensez à la mort, ou si vous avez peur pour un proche, appelez le 3114 : une "
        "personne formée vous écoute, jour et nuit, gratuitement."
    ),
    DangerKind.COUPLE: (
        "Pour des violences dans le couple ou la famille, appelez le 3919 : une personne vous "
        "écoute et vous oriente, jour et nuit ; l'appel est anonyme et gratuit."
    ),
    DangerKind.CHILD: (
        "Pour un enfant ou un adolescent en danger, appelez le 119, jour et nuit : l'appel est "
        "gratuit et ne se voit pas sur les factures."
    ),
}
ORIENTED_IN_DANGER = (
    "Nous avons lu votre récit, et nous le prenons au sérieux. Nous ne l'avons pas publié : un "
    "récit public n'est pas le moyen d'être aidé vite. Le service indiqué ici peut agir."
)
KIND_LABELS = {
    DangerKind.SUICIDE: "Suicide",
    DangerKind.COUPLE: "Violences dans le couple",
    DangerKind.CHILD: "Enfant en danger",
}
NUMBERS_FIRST = {
    DangerKind.SUICIDE: "3114",
    DangerKind.COUPLE: "3919",
    DangerKind.CHILD: "119",
}
DANGER_SERVICES = {
    "15": Proposal("numero-15", "15 ou 112, secours médicaux", "Une vie est en danger"),
    "17": Proposal("numero-17", "17, police ou gendarmerie", "Violences, menaces"),
    "114": Proposal("numero-114", "114, secours par SMS", "Qui est sourd ou ne peut pas parler"),
    "3114": Proposal("numero-3114", "3114, prévention du suicide", "Gratuit, jour et nuit"),
    "3919": Proposal("numero-3919", "3919, violences faites aux femmes", "Anonyme et gratuit"),
    "119": Proposal("numero-119", "119, enfance en danger", "Gratuit, jour et nuit"),
}
"""Proposed before the services of the directory; no key of a structure looks like theirs."""


def oriented_words(*, is_danger: bool, kind: DangerKind | None = None) -> str:
    """What an author who is oriented reads, before a moderator edits it: of a file, or of a danger
    of this kind (of any, when it is not known)."""
    if not is_danger:
        return ORIENTED
    told = [HELP[kind]] if kind else list(HELP.values())
    return "\n\n".join((ORIENTED_IN_DANGER, EMERGENCY, *told))


def explanation_of(reason: RefusalReason, *, is_removal: bool = False) -> str:
    """What an author reads of a refusal, or of a removal, before a moderator edits it."""
    return WHY[reason] if is_removal else EXPLANATIONS[reason]


def danger_services(kind: DangerKind | None) -> list[Proposal]:
    """The number of this kind first."""
    first = NUMBERS_FIRST.get(kind) if kind else None
    numbers = sorted(DANGER_SERVICES, key=lambda number: number != first)
    return [DANGER_SERVICES[number] for number in numbers]
