"""Accounts and the programme's team, for administrators."""

from __future__ import annotations

from django.urls import include, path

from guichet.directory.views import people

of_person = [
    path("", people.person, name="person"),
    path("compte/<slug:act>/", people.act_on_account, name="act_on_account"),
    path("adresse/", people.change_address, name="change_address"),
    path("roles/donner/", people.give_role, name="give_role"),
    path("roles/<int:membership>/changer/", people.change_person_role, name="change_person_role"),
    path("roles/<int:membership>/retirer/", people.end_person_role, name="end_person_role"),
]

urlpatterns = [
    path("agents/personnes/", people.persons, name="people"),
    path("agents/personnes/inviter/", people.invite_to_team, name="invite_to_team"),
    path("agents/personnes/<int:pk>/", include(of_person)),
]
