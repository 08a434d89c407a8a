import pytest

from guichet.orientation.catalogue import catalogue_changed
from guichet.orientation.health import catalogue_is_there
from guichet.orientation.models import Need

pytestmark = pytest.mark.django_db


def test_readiness_builds_the_index():
    assert catalogue_is_there() is None


def test_an_empty_catalogue_is_said_with_what_to_do():
    Need.objects.all().delete()
    catalogue_changed()
    assert "guichet migrate" in catalogue_is_there()
