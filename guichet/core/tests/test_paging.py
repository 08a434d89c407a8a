"""Lists of the API."""

from __future__ import annotations

from guichet.core.paging import as_list


def page(rf, items, count, offset=0, limit=2, query=""):
    request = rf.get(f"/api/v1/things{query}")
    return as_list(request, items, count=count, offset=offset, limit=limit)


def test_the_following_page_keeps_what_was_asked(rf):
    following = page(rf, [1, 2], 5, query="?q=a%20b&offset=0&limit=2")["next"]
    assert following == "http://testserver/api/v1/things?q=a+b&offset=2&limit=2"


def test_the_last_page_has_no_next_even_when_full(rf):
    assert page(rf, [3, 4], 4, offset=2) == {"items": [3, 4], "count": 4, "next": None}


def test_an_empty_page_has_no_next(rf):
    assert page(rf, [], 4, offset=10)["next"] is None
