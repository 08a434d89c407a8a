"""The pages of the person who runs the server, and what machines ask of it."""

from __future__ import annotations

from django.urls import path

from guichet.web.views import operations

urlpatterns = [
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("agents/serveur/", operations.server_state, name="server_state"),
    path("agents/serveur/conservation/", operations.register, name="retention_register"),
    path("agents/serveur/taches/<int:job_id>/relancer/", operations.retry_job, name="retry_job"),
    path("agents/serveur/taches/<int:job_id>/effacer/", operations.erase_job, name="erase_job"),
    path(
        "agents/serveur/courriels/<int:mail_id>/renvoyer/",
        operations.retry_mail,
        name="retry_mail",
    ),
    path(
        "agents/serveur/courriels/<int:mail_id>/effacer/", operations.erase_mail, name="erase_mail"
    ),
    path("agents/demo/courrier/", operations.demo_mailbox, name="demo_mailbox"),
]
