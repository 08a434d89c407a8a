"""What is read of a sheet, the same from the XML and from the JSON."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.orientation.procedures.sources.base import Node, OnlineService, Organism, Read
from guichet.orientation.procedures.sources.fiches_json import UnreadableTree, parse_json
from guichet.orientation.procedures.sources.sheets import plain_text, read_sheet
from guichet.orientation.procedures.sources.vdd_xml import parse_xml
from guichet.orientation.tests.procedure_sheets import sheet_json, sheet_xml


def read_xml(*args: str, **options: str) -> Read:
    return read_sheet(parse_xml(sheet_xml(*args, **options).encode()), file="F1.xml")


def faults_of(read: Read) -> list[tuple[str, str]]:
    return [(fault.field, fault.severity) for fault in read.faults]


def test_every_field_is_read() -> None:
    read = read_xml()
    assert read.faults == ()
    sheet = read.sheet
    assert sheet is not None
    assert (sheet.code, sheet.audience) == ("F1", "particuliers")
    assert sheet.title == "Déclarer une licorne"
    assert sheet.subject == "Famille & animaux"
    assert (sheet.theme, sheet.folder) == ("Animaux", "Licornes")
    assert sheet.description == "Toute licorne se déclare."
    assert sheet.url == "https://www.service-public.fr/particuliers/vosdroits/F1"
    assert sheet.updated_on == date(2026, 10, 1)


def test_xml_and_json_give_the_same_sheet() -> None:
    of_json = read_sheet(parse_json(sheet_json()), file="F1.json")
    assert of_json.sheet == read_xml().sheet


def test_an_organism_stands_once_with_all_its_notes() -> None:
    assert read_xml().sheet.organisms == (
        Organism(
            "Mairie", "mairie", "Pour déclarer ; Pour s'informer", "https://lannuaire.example/"
        ),
        Organism("Allô Licorne - 00 00"),
    )


def test_online_services_stand_once_and_a_letter_has_its_own_page() -> None:
    letter = "https://www.service-public.fr/particuliers/vosdroits/R5"
    assert read_xml().sheet.online == (
        OnlineService("teleservice", "Déclarer une licorne", "https://demarche.example/licorne"),
        OnlineService("form", "Déclaration", "https://demarche.example/cerfa", "99999*01"),
        OnlineService("letter", "Lettre au maire", letter),
    )


def test_services_of_one_departement_come_last() -> None:
    titles = ["Demande pour le département du Nord", "Demande en ligne"]
    body = "".join(
        f'<ServiceEnLigne ID="R{rank}" URL="https://a.example/{rank}" type="Téléservice">'
        f"<Titre>{title}</Titre></ServiceEnLigne>"
        for rank, title in enumerate(titles)
    )
    assert [one.title for one in read_xml(body=body).sheet.online] == titles[::-1]


def test_the_text_is_that_of_the_sheet_alone_with_its_words_apart() -> None:
    text = read_xml().sheet.text
    assert "Au 1er janvier" in text
    assert "la mairie du lieu 12\u00a0€." in text
    assert "animal rare." in text
    for elsewhere in ("Ouvert le matin", "dragons", "Licornes", "Lettre", "Allô"):
        assert elsewhere not in text


@pytest.mark.parametrize(
    ("trail", "audience"),
    [
        ("Particuliers", "particuliers"),
        ("Professionnels", "professionnels"),
        ("Entreprendre", "professionnels"),
        ("Associations", "associations"),
    ],
)
def test_the_audience_is_that_of_the_trail(trail: str, audience: str) -> None:
    assert read_xml(audience=trail).sheet.audience == audience


def test_a_sheet_without_trail_belongs_to_its_folder() -> None:
    root = parse_xml(sheet_xml(audience="Ailleurs").encode())
    read = read_sheet(root, file="F1.json", place="package/data/associations/F1.json")
    assert read.sheet.audience == "associations"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"title": "   "}, "dc:title"),
        ({"audience": "Licornes"}, "FilDAriane"),
        ({"code": "F1bis"}, "ID"),
        ({"code": "F2"}, "ID"),
    ],
)
def test_a_sheet_without_title_audience_or_its_own_code_is_refused(
    options: dict[str, str], field: str
) -> None:
    read = read_xml(**options)
    assert read.sheet is None
    assert (field, "error") in faults_of(read)


def test_every_fault_of_a_sheet_is_told_with_its_line() -> None:
    read = read_xml(code="G7", title="", audience="?", date="hier")
    assert faults_of(read) == [
        ("ID", "error"),
        ("dc:title", "error"),
        ("FilDAriane", "error"),
        ("dc:date", "warning"),
    ]
    assert [fault.line for fault in read.faults] == [2, 2, 2, 6]
    assert {fault.file for fault in read.faults} == {"F1.xml"}


@pytest.mark.parametrize("said", ["modified 2026-02-30", "", "modified 01/10/2026"])
def test_a_day_that_does_not_exist_is_left_aside(said: str) -> None:
    read = read_xml(date=said)
    assert read.sheet.updated_on is None
    assert faults_of(read) == [("dc:date", "warning")]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example", "https://a b.example", "https://", "//x"]
)
def test_an_address_that_is_not_of_the_web_is_left_aside(url: str) -> None:
    read = read_xml(spUrl=url)
    assert read.sheet.url == ""
    assert faults_of(read) == [("spUrl", "warning")]


def test_what_cannot_be_named_is_left_aside_and_the_sheet_kept() -> None:
    body = (
        '<OuSAdresser ID="R1"/><ServiceEnLigne ID="R2" type="Télégramme"><Titre>A</Titre>'
        '</ServiceEnLigne><ServiceEnLigne ID="R3" type="Formulaire"/>'
    )
    read = read_xml(body=body)
    assert read.sheet.organisms == read.sheet.online == ()
    assert faults_of(read) == [
        ("OuSAdresser", "warning"),
        ("ServiceEnLigne", "warning"),
        ("ServiceEnLigne", "warning"),
    ]


def test_a_title_longer_than_a_title_is_cut() -> None:
    read = read_xml(title="a" * 400)
    assert len(read.sheet.title) == 300
    assert faults_of(read) == [("title", "warning")]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;&x;&x;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">',
    ],
)
def test_no_document_type_is_accepted_hence_no_entity(doctype: str) -> None:
    xml = sheet_xml().replace("?>\n", f"?>\n{doctype}\n", 1)
    with pytest.raises(UnreadableTree, match="DOCTYPE") as caught:
        parse_xml(xml.encode())
    assert caught.value.line == 2


def test_an_entity_that_nobody_declared_is_refused() -> None:
    with pytest.raises(UnreadableTree, match="XML"):
        parse_xml(sheet_xml(body="<Texte>&secret;</Texte>").encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"<Publication>",
        b"\xff\xfe\x00",
        b"<a/><b/>",
        b"<?xml version='1.0' encoding='licorne'?><a/>",
        b"<a>" * 200 + b"</a>" * 200,
        b"<a>" + b"<b/>" * 100_001 + b"</a>",
    ],
)
def test_what_is_not_a_sheet_in_xml_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableTree):
        parse_xml(content)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        "F1",
        {"children": []},
        {"children": {"a": 1}},
        {"children": [{"type": "element"}]},
        {"children": [{"type": "element", "name": "a"}, {"type": "element", "name": "b"}]},
        {"name": "a", "attributes": []},
        {"name": "a", "children": ["texte"]},
        {"name": "a", "children": [{"type": "text", "text": 12}]},
    ],
)
def test_what_is_not_a_tree_in_json_is_refused(value: object) -> None:
    with pytest.raises(UnreadableTree):
        parse_json(json.dumps(value).encode())


@pytest.mark.parametrize(
    "content", [b"{", b"\xff", b'{"name":' * 100_000, b'{"name":"a","children":[' * 300]
)
def test_broken_or_bottomless_json_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableTree):
        parse_json(content)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_readers(content: bytes) -> None:
    for parse in (parse_xml, parse_json):
        try:
            root = parse(content)
        except UnreadableTree:
            continue
        assert read_sheet(root, file="F1").faults


@given(st.text(max_size=60))
def test_a_text_comes_out_on_one_line_and_storable(text: str) -> None:
    node = Node("Paragraphe", {})
    node.children = [text, Node("Exposant", {}), text]
    said = plain_text(node)
    assert "\0" not in said
    assert "\n" not in said
    assert said == said.strip()
    said.encode()
