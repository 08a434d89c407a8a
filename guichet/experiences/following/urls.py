"""`/suivi/…`, gestures and reports of visitors, subscriptions."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guichet.experiences.following.views import (
    author,
    own_data,
    reports,
    subscriptions,
    visitors,
)

of_author = [
    path("", author.follow, name="follow"),
    path("reponses/<int:reply>/", author.judge, name="judge_reply"),
    path("promesses/<int:promise>/", author.changed, name="answer_promise"),
    path("resolu/", author.solved, name="say_solved"),
    path("ajouter/", author.second_word, name="second_word"),
    path("reprendre/", author.take_up, name="take_up_story"),
    path("nouvelles/", author.news, name="set_news"),
    path("mes-donnees/", own_data.my_data, name="my_data"),
    path("mes-donnees/mon-recit.<str:extension>", own_data.download, name="download_my_data"),
    path("effacer/", own_data.erase, name="erase_my_data"),
    path("retirer/", own_data.withdraw_story, name="withdraw_story"),
    path("adresse/", own_data.change_address, name="change_my_address"),
    path("nouveau-lien/", own_data.renew, name="renew_link"),
]
of_subscription = [
    path("", subscriptions.subscribe, name="subscribe"),
    path("confirmer/<str:token>/", subscriptions.confirm, name="confirm_subscription"),
    path("fin/<str:token>/", subscriptions.end, name="end_subscription"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("suivi/", author.follow_by_code, name="follow_by_code"),
    path("suivi/adieu/", own_data.gone, name="gone"),
    path("suivi/adresse/<str:token>/", own_data.confirm_address, name="confirm_address"),
    path("suivi/<str:token>/", include(of_author)),
    path("experiences/abonnement/", include(of_subscription)),
    path("experiences/<int:pk>/meme-chose/", visitors.same, name="same_experience"),
    path("experiences/<int:pk>/signaler/", visitors.report, name="report_story"),
    path("experiences/reponses/<int:pk>/utile/", visitors.useful, name="useful_reply"),
    path("agents/experiences/signalements/", reports.content_reports, name="content_reports"),
    path(
        "agents/experiences/signalements/<int:pk>/",
        reports.settle_content_report,
        name="settle_content_report",
    ),
]
