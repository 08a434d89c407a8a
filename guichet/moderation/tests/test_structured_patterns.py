"""What has a shape is found however it is typed, and what only looks like it is left."""

import pytest

from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind


def found(text: str) -> list[tuple[str, str]]:
    return [(span.kind.value, text[span.start : span.end]) for span in found_by_patterns(text)]


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.NIR, "2 78 02 2B 107 226 45"),
        (Kind.NIR, "2780210722645"),
        (Kind.NIR, "1 58 03 59 512 044 44"),
        (Kind.NIR, "1.58.03.59.512.044"),
        (Kind.PHONE, "06 39 98 41 07"),
        (Kind.PHONE, "06.39.98.41.07"),
        (Kind.PHONE, "0639984107"),
        (Kind.PHONE, "+33 6 39 98 41 07"),
        (Kind.PHONE, "0033639984107"),
        (Kind.PHONE, "+33 (0)6 39 98 41 07"),
        (Kind.PHONE, "+262 692 00 41 18"),
        (Kind.PHONE, "0 639 984 107"),
        (Kind.PHONE, "+213 551 23 45 67"),
        (Kind.PHONE, "zéro six trente-neuf quatre-vingt-dix-huit quarante et un zéro sept"),
        (Kind.EMAIL, "jean.dupont@exemple.fr"),
        (Kind.EMAIL, "jean point dupont arobase exemple point fr"),
        (Kind.EMAIL, "jean.dupont(at)exemple.fr"),
        (Kind.EMAIL, "jean.dupont [arobase] exemple [point] fr"),
        (Kind.IBAN, "FR76 1380 7055 3466 3022 8635 502"),
        (Kind.IBAN, "FR7613807055346630228635502"),
        (Kind.IBAN, "BE68 5390 0754 7034"),
        (Kind.IBAN, "20041 01006 3366450R024 12"),
        (Kind.PLATE, "FT-482-KR"),
        (Kind.PLATE, "ft482kr"),
        (Kind.PLATE, "FT 482 KR"),
        (Kind.PLATE, "1247 VB 35"),
        (Kind.PLATE, "916 BKD 2A"),
        (Kind.URL, "https://exemple.fr/dossiers/882134?token=af91c2"),
        (Kind.URL, "www.exemple.fr/suivi?id=48213"),
    ],
)
def test_what_has_a_shape_is_found_whole(kind: Kind, written: str) -> None:
    assert (kind.value, written) in found(f"Voici : {written}, merci d'avance")


@pytest.mark.parametrize(
    "text",
    [
        "J'appelle le 3646, le 3949 et le 17, personne.",
        "Payé 1 284,17 € le 14/03/2026, il manque 11 000 €.",
        "de 150 km, au 120 en 2 jours, 13 au 15 avril",
        "Le cerfa 12100*02, l'article L. 351-3 et la loi n° 2018-727.",
        "Voir https://www.caf.fr/aides et service-public.fr/particuliers/vosdroits/F1342.",
        "en 69003 ou en 2023-2024, à 8h45-12h / 13h30-16h15",
    ],
)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "written",
    [
        "06\u200b39\u200b98\u200b41\u200b07",
        "０６ ３９ ９８ ４１ ０７",
        "\u200f06 39 98 41 07",
        "06\u202f39\u00a098\u202f41\u00a007",
        "0️⃣6️⃣39984107",
        "٠٦ ٣٩ ٩٨ ٤١ ٠٧",
    ],
)
def test_hidden_characters_and_other_figures_do_not_hide_a_number(written: str) -> None:
    text = f"e\u0301crivez-moi 👍🏽 au {written} svp"

    (span,) = found_by_patterns(text)

    assert span.kind is Kind.PHONE
    assert text[span.start : span.end].strip("\u200f") == written.strip("\u200f")
