"""`/healthz` and `/readyz`: what a machine learns of this installation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from guichet.core.extensions import HealthCheck, health_checks
from guichet.web.operations import health


@pytest.fixture
def worker():
    """A worker that gave a sign of life just now, or `age` ago."""

    def seen(age: timedelta = timedelta()) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers")
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)",
                [timezone.now() - age],
            )

    return seen


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()
    return settings.LAKE


def test_the_process_answers_without_asking_the_database(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_an_installation_in_order_is_ready(client, worker, lake):
    worker()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "lake": "ok",
            "erasures": "ok",
            "worker": "ok",
            "moderation_reading": "ok",
            "moderation_dangers": "ok",
            "orientation": "ok",
        },
    }
    assert "no-store" in response["Cache-Control"]
    assert list(lake.iterdir()) == []


@pytest.mark.django_db
def test_without_a_worker_it_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "unavailable"
    assert "démarré" in response.json()["checks"]["worker"]


@pytest.mark.django_db
@pytest.mark.parametrize(("age_seconds", "status"), [(50, 200), (70, 503)])
def test_a_worker_is_lost_after_a_minute_of_silence(client, worker, age_seconds, status):
    worker(timedelta(seconds=age_seconds))
    assert client.get("/readyz").status_code == status


@pytest.mark.django_db
def test_a_missing_migration_is_said_with_the_command(client, worker):
    worker()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "guichet migrate" in response.json()["checks"]["migrations"]


@pytest.mark.django_db
def test_a_lake_that_is_gone_is_said_without_its_path(client, worker, lake):
    worker()
    lake.rmdir()
    problem = client.get("/readyz").json()["checks"]["lake"]
    assert "accessible en écriture" in problem
    assert str(lake) not in problem


def test_a_database_that_does_not_answer_is_asked_once(client, monkeypatch):
    asked = []

    class Silent:
        def cursor(self):
            asked.append(1)
            raise OperationalError("connection to 10.0.0.7 failed")

    monkeypatch.setattr(health, "connection", Silent())
    response = client.get("/readyz")
    assert response.status_code == 503
    checks = response.json()["checks"]
    assert checks["database"] == "La base de données ne répond pas."
    assert checks["worker"] == checks["migrations"] == "Inconnu : la base ne répond pas."
    assert checks["lake"] == "ok"
    assert "10.0.0.7" not in response.text
    assert len(asked) == 1


@pytest.mark.django_db
def test_another_app_adds_its_check_and_a_broken_check_is_a_failure(client, worker, monkeypatch):
    worker()
    monkeypatch.setattr(health_checks, "_items", dict(health_checks._items))
    health_checks.register(HealthCheck("broken", lambda: str(1 / 0)))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "vérification elle-même" in response.json()["checks"]["broken"]


@pytest.mark.django_db
def test_a_notice_is_told_and_leaves_the_installation_ready(client, worker, monkeypatch):
    worker()
    monkeypatch.setattr(health_checks, "_items", dict(health_checks._items))
    health_checks.register(HealthCheck("people", lambda: "Des gens attendent.", is_notice=True))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["checks"]["people"] == "Des gens attendent."
