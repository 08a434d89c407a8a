"""What an author reads of a decision, before a moderator edits it. Plain words, how to amend."""

from __future__ import annotations

from guichet.moderation.models import RefusalReason

AMEND = (
    "Vous pouvez reprendre votre texte avec le lien de suivi, le corriger et l'envoyer à nouveau."
)
EXPLANATIONS = {
    RefusalReason.PERSONAL_DATA: (
        "Votre texte contient des informations qui permettent de reconnaître une personne, et "
        "nous n'avons pas pu les masquer sans le rendre incompréhensible. Racontez ce qui s'est "
        f"passé sans nom, adresse, date de naissance ni numéro. {AMEND}"
    ),
    RefusalReason.INSULT: (
        "Votre texte contient des mots qui blessent ou insultent une personne ou un groupe. Votre "
        "mécontentement peut être dit et il sera lu : décrivez les faits, sans ces mots. "
        f"{AMEND}"
    ),
    RefusalReason.NAMED_AGENT: (
        "Votre texte permet de reconnaître un agent et le met en cause. Parlez du service et de "
        "ce qui s'est passé plutôt que de la personne. Si vous voulez signaler son comportement, "
        f"écrivez directement à la direction du service. {AMEND}"
    ),
    RefusalReason.OUT_OF_SCOPE: (
        "Votre texte ne parle pas d'une démarche ou d'un contact avec un service public : nous ne "
        "pouvons pas le transmettre. Si c'est bien d'un service public qu'il s'agit, dites lequel "
        f"et ce que vous vouliez y faire. {AMEND}"
    ),
    RefusalReason.INDIVIDUAL_FILE: (
        "Votre texte demande une réponse sur votre propre dossier. Elle ne peut pas être donnée en "
        "public : écrivez ou téléphonez au service qui suit votre dossier, lui seul peut le "
        "consulter. Si vous voulez aussi raconter ce que vous avez vécu, sans les détails de "
        f"votre dossier, c'est possible. {AMEND}"
    ),
    RefusalReason.ADVERTISING: (
        "Votre texte fait connaître une entreprise, un produit ou un site. Les récits publiés ici "
        f"disent seulement ce que des usagers ont vécu avec un service public. {AMEND}"
    ),
    RefusalReason.UNINTELLIGIBLE: (
        "Nous n'avons pas compris ce qui s'est passé. Dites en quelques phrases à quel service "
        "vous vous êtes adressé, ce que vous vouliez et ce qui est arrivé. Une personne de "
        f"confiance ou un espace France services peut vous aider à l'écrire. {AMEND}"
    ),
    RefusalReason.DUPLICATE: (
        "Ce récit est déjà publié : nous ne le publions pas une seconde fois. Le service concerné "
        "a reçu le premier. S'il s'agit d'autre chose, dites ce qui est différent. "
        f"{AMEND}"
    ),
}
ORIENTED = (
    "Votre texte demande une réponse sur votre propre dossier. Seul le service qui le suit peut la "
    "donner : nous vous disons ci-dessous lequel et comment le joindre. Votre récit n'est pas "
    "publié."
)
