"""The steps of `/experiences/partager/`, and what agents enter for somebody."""

from __future__ import annotations

from django.urls import path

from guichet.experiences.sharing.views import assisted, sending, start, steps

HOME = "experiences/partager/"
DRAFT = f"{HOME}<str:key>/"

urlpatterns = [
    path("agents/experiences/saisir/", assisted.enter_story, name="enter_story"),
    path(HOME, start.share, name="share"),
    path(f"{HOME}je-ne-sais-pas/", start.guess, name="share_guess"),
    path(f"{HOME}confirmer/<str:token>/", sending.confirm_story, name="confirm_story"),
    path(DRAFT, steps.resume, name="share_resume"),
    path(f"{DRAFT}services/", steps.services, name="share_services"),
    path(f"{DRAFT}je-ne-sais-pas/", steps.guess_more, name="share_guess_more"),
    path(f"{DRAFT}recit/", steps.story, name="share_story"),
    path(f"{DRAFT}recit/verifier/", steps.cautions_while_writing, name="share_cautions"),
    path(f"{DRAFT}ressenti/", steps.feeling, name="share_feeling"),
    path(f"{DRAFT}vous/", steps.author, name="share_author"),
    path(f"{DRAFT}relecture/", sending.review, name="share_review"),
    path(f"{DRAFT}envoye/", sending.sent, name="share_sent"),
    path(f"{DRAFT}code/", sending.follow_code, name="share_code"),
    path(f"{DRAFT}plus-tard/", sending.later, name="share_later"),
]
