"""Signing in with ProConnect, the identity federation of French public agents (OpenID Connect).

Source: https://partenaires.proconnect.gouv.fr/docs/fournisseur-service/implementation_technique
"""
