"""Syllables of French words, by their groups of vowels.

Owns the count that readability needs; refuses the rest of phonetics: an « e » that is heard in
the South alone is not counted. Plain Python.
"""

from __future__ import annotations

import re

GROUPS = re.compile(r"[aeiouyàâäéèêëîïôöùûüÿœæ]+")
SILENT_END = re.compile(r"(?<=[^aeiouyàâäéèêëîïôöùûü])(?:e|es)$|(?<=[qg]u)(?:e|es)$")
SILENT_AFTER_VOWEL = re.compile(r"(?<=[aiouyéèêàâîôû])es?$")
HIATUS = re.compile(r"é(?=[aeiouâàêéè])|[aou](?=[éèï])|u(?=el)|ï(?=[aeou])")
VERB_ENT = re.compile(r"(?<=[^aeiouym])(?:aient|èrent|issent)$")
CONSONANT_Y = re.compile(r"(?<=[aou])y(?=[aeiouéèâ])")
GLUED_U = re.compile(r"(?<=[qg])u(?=[eiéèêo'a])")
BROKEN_I = re.compile(r"(?<=[bcdfgptv][lr])i(?=[aeoé])")
"""« client », « février », « oublier »: two syllables after two consonants."""


def syllables_in(word: str) -> int:
    """At least 1, for a word of letters."""
    spelled = word.lower()
    spelled = GLUED_U.sub("", spelled)
    spelled = VERB_ENT.sub("è", spelled)
    spelled = SILENT_END.sub("", spelled)
    spelled = SILENT_AFTER_VOWEL.sub("", spelled)
    spelled = CONSONANT_Y.sub("il", spelled)
    spelled = BROKEN_I.sub("i-", spelled)
    spelled = HIATUS.sub(lambda found: f"{found[0]}-", spelled)
    return max(1, len(GROUPS.findall(spelled)))
