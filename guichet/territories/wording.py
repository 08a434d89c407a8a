"""Names of places inside French sentences: « de Lille », « du Mans », « de La Rochelle ».

Owns elision and contraction; knows no list of places.
"""

from __future__ import annotations

from guichet.core.text import folded


def after_de(name: str) -> str:
    """« d'Annecy », « du Havre », « des Abymes », « de La Rochelle », « de Lille »."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d'{name}" if folded(name)[:1] in "aeiouy" and name else f"de {name}"
