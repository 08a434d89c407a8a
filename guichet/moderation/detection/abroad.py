"""Addresses in other countries: « derb Sidi Ahmed n° 14, Fès », « Hauptstraße 14, 66111 … ».

Owns the ways of the countries that people of France write from, and their large towns; refuses a
way without a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guichet.moderation.detection.reading import Reading

TOWNS = frozenset(
    "alger,oran,annaba,setif,tlemcen,bejaia,blida,batna,tizi ouzou,mostaganem,"
    "casablanca,rabat,marrakech,agadir,fes,meknes,tanger,oujda,tetouan,nador,"
    "kenitra,taza,beni mellal,tunis,sfax,sousse,bizerte,gabes,kairouan,monastir,"
    "nabeul,dakar,thies,saint-louis,touba,bamako,kayes,sikasso,abidjan,bouake,"
    "yamoussoukro,conakry,kindia,lome,cotonou,porto-novo,ouagadougou,bobo-dioulasso,"
    "niamey,nouakchott,douala,yaounde,libreville,brazzaville,pointe-noire,kinshasa,"
    "lubumbashi,antananarivo,tamatave,moroni,mutsamudu,djibouti,le caire,beyrouth,"
    "damas,istanbul,ankara,izmir,port-au-prince,londres,london,bruxelles,liege,"
    "namur,charleroi,gand,anvers,tournai,mouscron,geneve,lausanne,zurich,bale,"
    "neuchatel,fribourg,luxembourg,esch-sur-alzette,berlin,cologne,koln,francfort,"
    "munich,munchen,hambourg,hamburg,stuttgart,sarrebruck,saarbrucken,fribourg-en-"
    "brisgau,freiburg,karlsruhe,madrid,barcelone,barcelona,valencia,seville,"
    "sevilla,malaga,bilbao,saragosse,lisbonne,lisboa,porto,braga,coimbra,rome,"
    "roma,milan,milano,turin,torino,naples,napoli,palerme,palermo,genes,genova,"
    "bologne,vintimille,varsovie,warszawa,cracovie,bucarest,bucuresti,kiev,kyiv,"
    "kharkiv,odessa,lviv,moscou,tbilissi,erevan,kaboul,montreal,quebec".split(",")
)
_NAME = r"(?:[A-ZÀ-Ý][\w'.-]{1,20}|(?:al|el|de|da|do|das|dos|della|del|di|la|las|los|y|ben|bou) ?)"
_NAMED = rf"(?:[ ](?:n[°o]\.? ?)?{_NAME}){{1,5}}"
_PART = r"(?:,? (?:[Rr]ue|[Bb]loc|[Ll]ot|[Ii]mm(?:euble|\.)|[Aa]ppt?) \w{1,4}(?= ?,?[ ]))?"
_HOUSE = r"[ ]?,?[ ](?:n[°o]\.?[ ]?|num[ée]ro )?\d{1,4}(?:[ ]?[a-zA-Z](?![\w']))?(?![\w.,]?\d)"
_LAST = (
    r"(?:,?[ ]\d{1,2}[º°ª](?:[ ][A-Z](?!\w))?)?"
    r"(?:,?[ ](?:[A-Z]{1,3}-)?\d{4,5}(?:-\d{3})?(?:[ ][A-ZÀ-Ý][\w'-]{2,20}){0,2}"
    r"|,[ ](?:[àa] )?[A-ZÀ-Ý][\w'-]{2,20}(?:[ ](?:[A-ZÀ-Ý][\w'-]{2,20}|m[ée]dina|centre|ville))?"
    r"(?![\w'])){0,2}"
)
_WAYS = (
    re.compile(
        r"(?<![\w'-])(?:[Dd]erb|[Hh]ay|[Zz]an(?:qat|kat)|[Dd]ouar|[Vv]iale?|[Pp]iazza|[Cc]orso"
        r"|[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Rr]ua|[Tt]ravessa|[Pp]raça|[Ll]argo"
        r"|[Ss]tr(?:ada|\.)|[Bb]ulevardul|[Uu]l(?:ica|\.)|[Ss]okak|[Vv]ia)"
        rf"{_NAMED}{_PART}{_HOUSE}{_LAST}"
    ),
    re.compile(
        r"(?<![\w'-])[Cc]ité (?:des )?\d{2,4} (?:[Ll]ogements|[Ll]ogts?|[Ll]gts?|[Vv]illas)"
        rf"(?:,? (?:b[âa]t(?:iment|\.)?|bt|bloc|n°|imm\.?) ?\w{{1,3}}(?!\w)){{0,2}}{_LAST}"
    ),
    re.compile(
        r"(?<![\w'-])(?:[A-ZÀ-Ý][a-zà-ÿß]{2,20}(?:-[A-ZÀ-Ý][a-zà-ÿß]{2,20}){0,2}-?)"
        r"(?:stra(?:ß|ss)e|-Stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ring|damm|laan|straat|plein)"
        rf"{_HOUSE}{_LAST}"
    ),
    re.compile(
        r"(?<![\w.,/-])\d{1,4}[a-zA-Z]?,? (?:[A-Z][a-z]{2,15} ){1,3}(?:Street|Road|Lane|Drive"
        rf"|Gardens|Terrace|Crescent)(?!\w){_LAST}"
    ),
)
_WITH_A_SHORT_CODE = re.compile(
    r"(?<![\w'-])(?:[Rr]ue|[Aa]venue|[Cc]hemin|[Rr]oute|[Pp]lace|[Bb]oulevard|[Qq]uai)"
    r"(?: [\w'-]{1,20}){1,6},? \d{1,4}(?:[ ]?[a-zA-Z](?![\w']))?,? (?:[BL]-|CH-)?\d{4} "
    r"[A-ZÀ-Ý][\w'-]{2,20}(?:[ ][A-ZÀ-Ý][\w'-]{2,20})?"
)
"""« Rue de la Loi 16, 1000 Bruxelles »."""
_HINTS = tuple(
    tuple(hints.split("|"))
    for hints in (
        "derb |hay |zanqat |zankat |douar |via |viale |piazza |corso |calle |c/ |avenida |avda"
        "|plaza |paseo |rua |travessa |praca |largo |strada |str.|bulevardul |ul. |ulica |sokak ",
        " cite 1| cite 2| cite 3| cite 4| cite 5| cite 6| cite 7| cite 8| cite 9|cite des ",
        "straße|strasse|str.|gasse |weg |platz |allee |ring |damm |laan |straat |plein ",
        " street| road| lane| drive| gardens| terrace| crescent",
    )
)
"""One of these is in each address of the first ways, written in small letters."""
_SHORT_CODE = re.compile(r"\d{4} [a-z]")
_NOT_A_WAY = re.compile(r"(?<![a-z])(?:via|largo) (?:le|la|l'|un|une|mon|son|votre|notre|france)")
_COUNTED = re.compile(
    r"[Vv]ia(?: [\w'.-]{2,30}){1,4} \d{1,4} ?(?:h|min|an|jour|semaine|heure|minute|seule?"
    r"|(?!depuis|dans|mais|nous|vous|sous|puis|apr[eè]s|alors|sans|plus|tr[eè]s|suis)"
    r"[a-zà-ÿ]{2,20}[sx])(?!\w)"
)
"""« via Ameli 2 fois », « via Doctolib 3 semaines avant »: by means of, and a count."""


def addresses_abroad(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where each begins and ends, its town included."""
    for hints, way in zip(_HINTS, _WAYS, strict=True):
        if any(hint in reading.bare for hint in hints):
            yield from _written(reading, way)
    if _SHORT_CODE.search(reading.bare):
        yield from _written(reading, _WITH_A_SHORT_CODE)


def _written(reading: Reading, way: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in way.finditer(reading.plain):
        is_a_means = _NOT_A_WAY.match(reading.bare, match.start())
        if not (is_a_means or _COUNTED.match(reading.plain, match.start())):
            yield match.span()
