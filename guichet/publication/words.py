"""The words of this app's own audit events."""

ACTIONS = {
    "release.asked": "a demandé la publication de l'édition",
    "release.begun": "a commencé à publier l'édition",
    "release.published": "a publié l'édition",
    "release.failed": "n'a pas pu publier l'édition",
    "release.interrupted": "a été interrompu en publiant l'édition",
    "release.abandoned": "a abandonné l'édition",
    "display.confirmed": "a confirmé l'affichage des résultats de",
    "display.withdrawn": "a retiré la confirmation d'affichage de",
    "posters.asked": "a demandé toutes les affiches de",
}
FIELDS = {
    "frozen_on": "arrêtée le",
    "through": "jusqu'au",
    "is_current": "lue par le public",
    "identity": "identité",
    "engine": "moteur de calcul",
    "last_batch": "dernier lot",
    "row_count": "lignes",
    "correction_count": "chiffres corrigés",
    "changed_line_count": "lignes différentes",
    "is_demonstration": "démonstration",
    "published_at": "publiée le",
    "failure": "pourquoi",
    "step": "étape",
    "displayed_on": "affichée le",
    "release_name": "édition",
    "photo": "avec photo",
    "paper": "papier",
}
