"""Each component draws valid, escaped HTML; a template that lacks a variable fails."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template

from guichet.ui.components.charts import Dot, Tile
from guichet.ui.components.icons import ICONS
from guichet.ui.components.tables import Cell
from guichet.ui.templatetags import ui
from guichet.ui.tests.gallery import DOTS, HOSTILE, LEGEND, TILES

VOID = {"br", "hr", "img", "input", "link", "meta"}

COMPONENTS = {
    "section": "{% section title=x id='a' %}{{ x }}{% endsection %}",
    "hero": "{% hero %}{{ x }}{% endhero %}",
    "columns": "{% columns %}{% column 8 %}{{ x }}{% endcolumn %}{% endcolumns %}",
    "card": "{% card title=x url='/a/' detail=x %}{{ x }}{% endcard %}",
    "cards": "{% card_list %}{% card_item title=x %}{{ x }}{% endcard_item %}{% endcard_list %}",
    "ordered cards": "{% card_list ordered=True %}{% card_item %}{{ x }}{% endcard_item %}"
    "{% endcard_list %}",
    "alert": "{% alert 'error' x %}{{ x }}{% endalert %}",
    "callout": "{% callout x %}{{ x }}{% endcallout %}",
    "accordion": "{% accordion x open=True %}{{ x }}{% endaccordion %}",
    "table": "{% table x %}<tbody><tr><td>{{ x }}</td></tr></tbody>{% endtable %}",
    "list of words": "{% words_list mixed %}",
    "text table": "{% text_table x heads rows %}{% text_table x heads noted True %}"
    "{% text_table x heads rows stacked=True %}",
    "cell table": "{% cell_table x heads celled %}",
    "facts": "{% facts %}{% fact x icon='phone' %}{{ x }}{% endfact %}{% endfacts %}",
    "actions": "{% actions %}{% action x '/a/' icon='phone' %}{% submit x name='n' value=x %}"
    "{% endactions %}",
    "post button": "{% post_button x '/a/' confirm=x name='n' value=x %}",
    "form": "{% form '/a/' label=x %}{% search_field 'q' x x x placeholder=x %}{% endform %}",
    "stepper": "{% stepper 2 5 x x %}",
    "empty state": "{% empty_state x %}{{ x }}{% endempty_state %}",
    "tags": "{% tags %}{% tag x '/a/' True %}{% tag x %}{% endtags %}",
    "paragraphs": "{% muted %}{{ x }}{% endmuted %}{% lead %}{{ x }}{% endlead %}"
    "{% large %}{{ x }}{% endlarge %}",
    "paper": "{% paper %}{% paper_columns %}{% paper_column %}{{ x }}{% endpaper_column %}"
    "{% endpaper_columns %}{% endpaper %}",
    "tick box": "<form>{% tick_box x 'n' checked=True %}</form>",
    "print button": "{% print_button x %}",
    "more": "{% more x %}{{ x }}{% endmore %}",
    "on screen": "{% on_screen %}{{ x }}{% endon_screen %}",
    "on phones": "{% on_phones %}{{ x }}{% endon_phones %}",
    "big code": "{% big_code x x %}",
    "filters": "{% filters x %}{{ x }}{% endfilters %}",
    "big figure": "{% big_figure x x %}",
    "chart": "{% chart '/a.svg' x %}",
    "dots on lines": "{% dot_lines dots target=50 target_words=x %}",
    "map of tiles": "{% tile_map tiles legend x %}",
    "copy text": "{% copy_text x x 'a' %}",
    "crumbs": "<ol>{% crumb x '/a/' %}{% crumb x %}</ol>",
    "badge": "{% badge x 'warning' %}",
    "source note": "{% source_note x day True %}",
    "icon": "{% icon 'phone' %}",
    "phone link": "{% phone_link '01 99 00 12 34' x %}",
    "external link": "{% external_link 'https://exemple.fr/?a=1&b=2' x %}",
    "emergency numbers": "{% emergency_numbers %}{% emergency_numbers detailed=True %}",
}


class Balance(HTMLParser):
    """Fails on a tag that closes nothing; keeps what stays open and what was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> ferme une balise jamais ouverte"
        assert self.open.pop() == tag


def drawn(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


@pytest.mark.parametrize("source", COMPONENTS.values(), ids=COMPONENTS.keys())
def test_component_is_balanced_and_escapes_what_it_shows(source):
    values = {"dots": DOTS, "tiles": TILES, "legend": LEGEND, "heads": ["Mois", "Valeur"]}
    values |= {"rows": [("mars", HOSTILE)], "noted": [("mars", "80", "3 sur 4", HOSTILE)]}
    values["celled"] = [(HOSTILE, Cell(*[HOSTILE] * 2, True, HOSTILE, (HOSTILE,), *[HOSTILE] * 3))]
    values["mixed"] = [HOSTILE, "mars"]
    html = drawn(source, x=HOSTILE, day=dt.date(2025, 3, 1), **values)
    balance = Balance()
    balance.feed(html)
    assert balance.open == []
    assert "script" not in balance.seen
    assert (
        not source.count("x")
        or "emergency" in source
        or "icon 'phone'" in source
        or ("&lt;script&gt;" in html)
    )


def test_a_post_form_carries_its_token_and_a_get_form_does_not():
    assert 'value="jeton"' in drawn("{% form '/a/' %}{% endform %}", csrf_token="jeton")
    assert "jeton" not in drawn("{% form '/a/' 'get' %}{% endform %}", csrf_token="jeton")
    assert 'value="jeton"' in drawn("{% post_button 'Ôter' '/a/' %}", csrf_token="jeton")


@pytest.mark.parametrize("url", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x"])
def test_an_address_that_would_run_a_script_is_not_a_link(url):
    html = drawn("{% external_link url 'mot' %}{% action 'mot' url %}{% tag 'mot' url %}", url=url)
    assert "href" not in html
    assert html.count("mot") == 3


def test_a_list_of_no_words_is_not_drawn():
    assert drawn("{% words_list sentences %}", sentences=()) == ""
    assert (
        drawn("{% words_list sentences %}", sentences=("a & b",)) == "<ul><li>a &amp; b</li></ul>"
    )


def test_dots_stand_where_their_values_are_and_say_them():
    html = drawn(
        "{% dot_lines dots 0 50 target=20 target_words='objectif' %}",
        dots=[Dot("Ici", "10 %", 10, 5, 25, is_main=True), Dot("Ailleurs", HOSTILE, None)],
    )
    assert 'cx="20.00%"' in html
    assert 'x1="10.00%" x2="50.00%"' in html
    assert html.count("<circle") == 1
    assert html.count("<script") == 0
    assert html.count('class="ui-dots__target"') == 2


def test_a_target_out_of_the_scale_is_not_drawn():
    html = drawn("{% dot_lines dots 0 50 target=85 %}", dots=[Dot("Ici", "10 %", 10)])
    assert "target" not in html


def test_a_map_of_tiles_is_left_to_the_table_for_who_does_not_see_it():
    html = drawn(
        "{% tile_map tiles legend %}",
        tiles=[Tile("59", 2, 1, "high", HOSTILE, "/59/"), Tile("62", 1, 1)],
        legend=[("high", "mieux")],
    )
    balance = Balance()
    balance.feed(html)
    assert balance.open == []
    assert 'viewBox="-2 -2 124 84" aria-hidden="true"' in html
    assert '<a href="/59/" tabindex="-1">' in html
    assert "<script" not in html
    with pytest.raises(ValueError, match="tile_map"):
        drawn("{% tile_map tiles legend %}", tiles=[Tile("59", 0, 0, "rouge")], legend=[])


def test_pagination_keeps_the_other_parameters():
    page = Paginator(range(100), 10).page(4)
    html = drawn("{% pagination page query %}", page=page, query=QueryDict("q=a%26b&page=4"))
    assert 'href="?q=a%26b&amp;page=5"' in html
    assert 'aria-current="page"' in html
    assert drawn("{% pagination page %}", page=Paginator(range(3), 10).page(1)) == ""


def test_source_note_writes_the_first_of_the_month_and_the_doubt():
    html = drawn("{% source_note 'DILA' day True %}", day=dt.date(2025, 3, 1))
    assert "Source\u00a0: DILA, vérifié le 1er mars 2025" in html
    assert "à vérifier" in html
    assert "vérifié" not in drawn("{% source_note 'DILA' %}")


def test_an_unknown_kind_or_icon_is_refused():
    with pytest.raises(ValueError, match="fushia"):
        drawn("{% badge 'a' 'fushia' %}")
    with pytest.raises(ValueError, match="licorne"):
        drawn("{% icon 'licorne' %}")


def test_every_component_is_documented_and_tried_here():
    guide = (Path(__file__).resolve().parents[1] / "README.md").read_text()
    frame_only = {"site_identity", "breadcrumb", "form_fields", "form_problems", "pagination"}
    for name in ui.register.tags:
        assert f"{{% {name}" in guide, name
        tried = any(f"{{% {name} " in source for source in COMPONENTS.values())
        assert tried or name in frame_only, name


@pytest.mark.parametrize("name", ICONS)
def test_each_icon_has_its_rule_and_its_drawing(name, icon_rules, design_system):
    folder, drawing = ICONS[name]
    assert f".fr-icon-{name}::before" in icon_rules
    assert f"icons/{folder}/{drawing}.svg" in icon_rules
    assert (design_system / "icons" / folder / f"{drawing}.svg").exists()


def test_a_stepper_says_where_the_reader_stands_and_what_follows():
    html = drawn('{% stepper 2 5 "Votre récit" "Votre ressenti" %}')
    assert '<h1 class="fr-stepper__title">Votre récit' in html
    assert "Étape 2 sur 5" in html
    assert "Votre ressenti" in html
    assert "suivante" not in drawn('{% stepper 5 5 "Relire" %}')


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC), "1er mars à 8\u00a0h\u00a030"),
        (dt.datetime(2026, 7, 31, 22, 5, tzinfo=dt.UTC), "1er août à 0\u00a0h\u00a005"),
        (dt.datetime(2026, 11, 22, 11, 0, tzinfo=dt.UTC), "22 novembre à 12\u00a0h"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_site(moment, words):
    assert drawn("{{ moment|written_moment }}", moment=moment) == words
    assert drawn("{{ moment|written_time }}", moment=moment) == words.split(" à ")[1]
