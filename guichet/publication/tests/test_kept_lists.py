from __future__ import annotations

from guichet.publication.published.kept_lists import KeptLists


def rows(count: int) -> tuple[int, ...]:
    return tuple(range(count))


def test_a_list_is_made_once():
    lists, made = KeptLists(10), []

    def make():
        made.append(1)
        return rows(3)

    assert lists.kept("a", make) == lists.kept("a", make) == (0, 1, 2)
    assert len(made) == 1
    lists.clear()
    lists.kept("a", make)
    assert len(made) == 2


def test_the_one_not_read_for_longest_goes_first():
    lists = KeptLists(10)
    lists.kept("a", lambda: rows(4))
    lists.kept("b", lambda: rows(4))
    lists.kept("a", lambda: rows(1))
    lists.kept("c", lambda: rows(4))
    assert len(lists.kept("a", lambda: rows(1))) == 4
    assert len(lists.kept("b", lambda: rows(1))) == 1


def test_what_is_too_long_is_given_and_pushes_nothing_out():
    lists = KeptLists(10)
    lists.kept("a", lambda: rows(4))
    assert len(lists.kept("long", lambda: rows(11))) == 11
    assert len(lists.kept("a", lambda: rows(1))) == 4
    assert len(lists.kept("long", lambda: rows(1))) == 1


def test_empty_lists_take_room_as_well():
    lists = KeptLists(2)
    for key in "abc":
        lists.kept(key, tuple)
    assert lists.kept("c", lambda: rows(1)) == ()
    assert lists.kept("a", lambda: rows(1)) == (0,)
