"""The words of this app's own audit events."""

ACTIONS = {
    "user.opened": "a ouvert le compte",
    "user.described": "a changé le nom ou la fonction",
    "user.address_changed": "a changé l'adresse électronique",
    "user.deactivated": "a désactivé le compte",
    "user.reactivated": "a réactivé le compte",
    "user.anonymised": "a effacé l'identité, faute de connexion depuis trois ans",
    "authenticator.added": "a ajouté un moyen de connexion",
    "authenticator.removed": "a retiré un moyen de connexion",
    "recovery_codes.renewed": "a renouvelé ses codes de secours",
    "authenticators.reset": "a réinitialisé les moyens de connexion",
    "sessions.ended": "a fermé les sessions",
    "identity.pinned": "a rattaché son identité ProConnect",
}

FIELDS = {
    "authenticator": "moyen de connexion",
    "authenticators": "moyens de connexion",
    "issuer": "fournisseur d'identité",
}
