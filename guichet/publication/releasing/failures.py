"""Why a publication failed, in the sentence that its publisher reads.

Owns the words; refuses to tell what an unexpected error quotes.
"""

from __future__ import annotations

from guichet.core.errors import RuleViolation
from guichet.indicators.full_disk import is_full_disk

FULL = (
    "Le disque du serveur est plein : rien n'a changé pour les lecteurs, et ce qui était commencé "
    "est effacé. Faites libérer de la place, puis relancez la publication sous le même nom."
)


def reason(error: BaseException) -> str:
    """One or two French sentences."""
    if isinstance(error, RuleViolation):
        return str(error)
    if is_full_disk(error):
        return FULL
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return "La publication a été arrêtée : rien n'a changé pour les lecteurs."
    if isinstance(error, OSError):
        return (
            f"Le dossier des lots et des éditions ne répond pas ({error.strerror or 'erreur'}) : "
            "rien n'a changé pour les lecteurs. Prévenez la personne qui administre le serveur."
        )
    return (
        f"Erreur inattendue ({type(error).__name__}) : rien n'a changé pour les lecteurs. Le "
        "journal du serveur en dit plus."
    )
