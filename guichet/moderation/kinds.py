"""The kinds of personal data that are looked for, and what stands in their place once masked.

Owns the words; their definitions are in `docs/methods/personal-data.md`. Plain Python.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    NAME = "name"
    NIR = "nir"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    IBAN = "iban"
    PLATE = "plate"
    BIRTH_DATE = "birth_date"
    FILE_NUMBER = "file_number"
    URL = "url"


LABELS = {
    Kind.NAME: "nom de personne",
    Kind.NIR: "numéro de sécurité sociale",
    Kind.PHONE: "numéro de téléphone",
    Kind.EMAIL: "adresse électronique",
    Kind.ADDRESS: "adresse postale",
    Kind.IBAN: "coordonnées bancaires",
    Kind.PLATE: "plaque d'immatriculation",
    Kind.BIRTH_DATE: "date de naissance",
    Kind.FILE_NUMBER: "numéro de dossier",
    Kind.URL: "adresse internet personnelle",
}
REPLACEMENTS = {
    Kind.NAME: "[nom]",
    Kind.NIR: "[numéro de sécurité sociale]",
    Kind.PHONE: "[téléphone]",
    Kind.EMAIL: "[courriel]",
    Kind.ADDRESS: "[adresse]",
    Kind.IBAN: "[coordonnées bancaires]",
    Kind.PLATE: "[immatriculation]",
    Kind.BIRTH_DATE: "[date de naissance]",
    Kind.FILE_NUMBER: "[numéro de dossier]",
    Kind.URL: "[adresse internet]",
}
