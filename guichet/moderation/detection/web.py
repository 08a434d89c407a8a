"""Electronic addresses, typed or written out, and web addresses that carry an identifier.

Owns which address is somebody's; refuses the pages that are everybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guichet.moderation.detection.names.clues import NAMED_PLACES
from guichet.moderation.detection.reading import Reading, read
from guichet.moderation.detection.spans import Span
from guichet.moderation.detection.word_lists import (
    family_names,
    first_names,
    french_words,
    not_names,
)
from guichet.moderation.kinds import Kind

_AT = (
    r"(?:[ ]{0,2}@[ ]{0,2}"
    r"|[ ]{0,2}[(\[{<][ ]{0,2}(?:at|a|arr?obas[e]?|@|chez)[ ]{0,2}[)\]}>][ ]{0,2}"
    r"|[ ]{1,2}chez[ ]{1,2}(?=(?:gmail|hotmail|yahoo|outlook|live|laposte|orange|wanadoo|free|sfr"
    r"|neuf|bbox|icloud|proton(?:mail)?|gmx)(?:[ ]?[.][ ]?|[ ]{1,2}(?:point|dot)[ ]{1,2})"
    r"(?:com|fr|net|org|eu|me|be|ch|co)(?![a-z]))"
    r"|[ ]{1,2}arr?obas[e]?[ ]{1,2}|[ ]{1,2}at[ ]{1,2}(?=[\w.-]{2,30}(?:[.]|[ ](?:point|dot)[ ])))"
)
_DOT = (
    r"(?:[ ]?\.(?:(?<=[ ][.])[ ])?|\.[ ](?=(?:fr|com|net|org|eu|be|ch|re|gp|mq|gf|yt|nc"
    r"|pf)(?![a-z]))"
    r"|,[ ]?(?=(?:fr|com|net|org)(?![a-z]))"
    r"|[ ]{1,2}(?:point|dot)[ ]{1,2}|[ ]?[(\[](?:point|dot|\.)[)\]][ ]?)"
)
_LINK = (
    r"(?:[ ]{1,2}(?:point|dot|tiret(?:[ ](?:du[ ])?(?:bas|haut|6|8|six|huit))?|underscore|moins)"
    r"[ ]{1,2}|[ ]?[(\[](?:point|dot|tiret|underscore)[)\]][ ]?|[ ]?[.][ ]?)"
)
_AS_ONE_WORD = re.compile(
    r"(?<![\w.+%-])(?:[\w-]{1,30}[ ]){0,2}[\w-]{1,30}[ ,]{1,2}(?:(?:le tout )?en un (?:seul )?mot"
    r"|tout (?:attache|colle)e?s?|sans espaces?)[ ,]{1,2}(?=arr?obas|at |@)"
)
"""« marie durand en un seul mot arobase gmail point com »."""
_TOLD_AS_ONE = re.compile(r"(?<![a-z])(?:mot|attache|colle|espace)")
_EMAIL = re.compile(
    rf"(?<![\w.+%-])(?:[\w+%'-]{{1,40}}{_LINK}){{0,5}}[\w.+%'-]{{1,64}}{_AT}"
    rf"[\w-]{{2,40}}(?:{_DOT}[\w-]{{2,40}}|[ ](?:com|fr|net|org)(?![\w])){{0,4}}"
)
_MAILBOXES = (
    r"gmail|hotmail|yahoo|ymail|outlook|live|msn|laposte|orange|wanadoo|free|sfr|neuf|bbox|icloud"
    r"|proton(?:mail)?|gmx|aol|numericable|club-internet|aliceadsl|me|mail"
)
_MAIL_WITHOUT_AT = re.compile(
    rf"(?<![\w.@/-])(?=[a-z_]{{0,40}}[\d._])[\w.+-]{{3,64}}[ ](?:chez[ ])?(?:{_MAILBOXES})"
    r"(?:[.]|[ ]point[ ])(?:com|fr|net|org|eu|me|ch|be)(?![\w])"
)
_HAS_HOST = re.compile(rf"@.*[. ]|\W(?:{_MAILBOXES})\Z|obas|[(\[{{<]|\bat\b|[.]|point")
_LOCAL_WORDS = re.compile(
    r"(?:e-?mails?|courriel|adresse|mel)(?:[ ](?:c'?est|est))?[ ]{0,2}[:=]?[ ]{0,2}"
    r"((?:[\w'-]{1,30}[ ]){1,4})\Z"
)

_BLOGS = (
    r"blogspot|wordpress|over-blog|overblog|canalblog|wixsite|jimdo|jimdofree|github|skyrock"
    r"|pagesperso-orange|e-monsite|tumblr|webnode"
)
_WEB = re.compile(
    r"(?<![\w@.])(?:(?:h(?:tt|xx)ps?|s?ftp)[ ]?:/{1,2}\S{1,2000}|www\.\S{1,2000}"
    r"|(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?:/\S{1,2000}|\?\S{1,2000})"
    rf"|[a-z0-9-]{{3,63}}\.(?:{_BLOGS})\.[a-z]{{2,4}}(?![\w.]))"
)
_LINKS = frozenset("a au aux en et pour sur sous les des par dans avec ou comment".split())
_ENDING = "».,;:!?)]}'\"…>"
_PUBLIC_HOSTS = re.compile(r"(?:^|\.)(?:legifrance\.gouv|service-public\.gouv|service-public)\.fr$")
_PUBLIC_PARTS = re.compile(r"cerfa|^(?:[fnr]\d{1,6}|legi\w+|jorf\w+|\d{1,4})$")
_PUBLIC_PAGES = re.compile(
    r"/(?:sites/default/files|wp-content|statistiques?|publications?|datasets?|questions?"
    r"|actualites?|actus?|articles?|faq|node|fiches?"
    r"|blog|news|codes?|communiques?)/"
)
_OWN_PAGE = re.compile(
    r"/(?:in|u|user|users|profil|profile|profils|profiles|membres?|people|author|candidats?|cv)/"
    r"[^/?#]{2,}|/@[\w.]{2,}|tiktok\.com/|(?:^|[./])(?:facebook|instagram|twitter|x|linktr|snapchat"
    r"|t)\.(?:com|ee|me)/(?!pages/|groups/|events/|hashtag/|gouv)[\w.@-]{3,}"
)
_FILE_OF = re.compile(
    r"/(?:[a-z]{1,12}-)?(?:dossiers?|demandes?|usagers?|demandeurs?|assures?|allocataires?"
    r"|comptes?|suivi|rdv|messages?|contrats?|factures?|reservations?|tickets?|espaces?|clients?"
    r"|colis|candidatures?|paiements?|annul\w+|confirm\w+|valid\w+|invit\w+|signatures?|partages?"
    r"|share|utilisateurs?|personnes?|familles?|avis|convocations?|courriers?|documents?|justif\w+"
    r"|beneficiaires?|patients?|agents?|id|s|r|d|p|c|f)"
    r"/[^/?#]*\d"
)
_OF_SOMEBODY = re.compile(
    r"(?:u|user\w*|uid|sid|login|nom|name|prenom|e?mail|token|key|cle|id\w*|dossier\w*|ref|num\w*"
    r"|sess\w*|usager|alloc\w*|matricule|client|compte|demande|jeton|hash|h|k|t|pseudo|profil)$"
)
_SHORT_LINK = re.compile(
    r"^(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|wa\.me|fb\.me|lnkd\.in|is\.gd|urlz\.fr|paypal\.me"
    r"|we\.tl|cutt\.ly|urlr\.me|calendly\.com|leetchi\.com|cagnotte\.\w+)/"
    r"|/[a-z]/[\w-]{5,}/?$"
)
_HANDLE = re.compile(
    r"(?<![a-z])(?:insta(?:gram)?|twitter|tiktok|snap(?:chat)?|facebook|fb|messenger|telegram"
    r"|discord)"
    r"[ ]?(?:c'est|est|:|=|@|sous|au nom de"
    r"|pseudo)[ ]?:?[ ]?@?(?=[\w.-]{0,30}[\d_.@])([\w.-]{4,40})"
    r"|(?<![\w.])@(?=[a-z.]{0,30}[\d_])([\w.]{4,40})"
)
_OWN_SITE = re.compile(rf"^(?!www\.)[\w-]{{3,}}\.(?:{_BLOGS}|free)\.[a-z]{{2,4}}$")
_TOKEN = re.compile(r"(?=[a-z\d_-]*[a-z]\d+[a-z])(?=[a-z_-]*\d[a-z_-]*\d)[a-z\d_-]{8,}")
_MIXED = re.compile(
    r"(?<=/)(?=[\w-]*[a-z])(?=[\w-]*\d)(?=\w*[a-z\d][A-Z]|\w*\d[a-z])[A-Za-z\d]{5,}"
    r"(?:[_-][A-Za-z\d]*)*/?\Z"
)
"""« /3fGh9K »: what a machine made up, at the end of the path."""
_DAY_IN_A_TITLE = re.compile(
    r"(?<=[a-z]-)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_QUERY_OF_PAGES = re.compile(
    r"^(?:q|query|page|p|lang|l|utm_\w+|theme|xtor|commune|search|s|cat|from|tab|where|sort|type"
    r"|year|annee|departement|code_postal|cp|v|list|version|page_?id"
    r"|id_?(?:article|rubrique|page)|article|rubrique|post)$"
)


def emails(reading: Reading) -> Iterator[Span]:
    for pattern in (_EMAIL, _MAIL_WITHOUT_AT):
        for match in pattern.finditer(reading.bare):
            if not _HAS_HOST.search(match[0]):
                continue
            start = _with_dictated(reading.bare, match)
            before = _LOCAL_WORDS.search(reading.bare, max(0, start - 140), start)
            if before and ("@" not in match[0] or " @" in match[0]):
                start = before.start(1)
            end = match.end()
            while reading.bare[end - 1] in "-' .":
                end -= 1
            yield Span(start, end, Kind.EMAIL, 0.95)


def _with_dictated(bare: str, address: re.Match[str]) -> int:
    """Where the words that are told to be one begin, and the letter of « j dupont arobase »."""
    at = re.search(_AT, address[0])
    end = address.start() + at.start() + 1 if at else address.start()
    told = None
    if _TOLD_AS_ONE.search(bare, max(0, address.start() - 12), end):
        told = next(_AS_ONE_WORD.finditer(bare, max(0, address.start() - 80), end + 10), None)
    if told and told.start() < address.start() <= told.end():
        return told.start()
    if "@" in address[0]:
        return address.start()
    letter = re.search(r"(?<![\w'])[b-xz] \Z", bare[max(0, address.start() - 3) : address.start()])
    return address.start() - 2 if letter else address.start()


def web_addresses(reading: Reading) -> Iterator[Span]:
    for match in _WEB.finditer(reading.bare):
        end = match.end()
        while end > match.start() and reading.bare[end - 1] in _ENDING:
            end -= 1
        if end > match.start() and is_somebody_s(reading.plain[match.start() : end]):
            yield Span(match.start(), end, Kind.URL, 0.9)
    for match in _HANDLE.finditer(reading.bare):
        group = match.lastindex or 0
        yield Span(match.start(group), match.end(group), Kind.URL, 0.6)


def is_somebody_s(written: str) -> bool:
    """Whether a web address names a person, a file or a session."""
    address = read(written).bare
    rest = re.sub(r"^(?:h(?:tt|xx)ps?|s?ftp)[ ]?:/*", "", address)
    host, _, path = rest.partition("/")
    host, _, early_query = host.partition("?")
    if "@" in rest and not path.startswith("@"):
        return True
    path, _, query = f"/{path}".partition("?")
    query = query or early_query
    path, _, fragment = path.partition("#")
    if _asks_for_somebody(query) or _carries_identifier(fragment) or _OWN_SITE.match(host):
        return True
    if _FILE_OF.search(fragment) or "/~" in path or re.search(r";\w*sess\w*=", path):
        return True
    if _PUBLIC_HOSTS.search(host) or _PUBLIC_PAGES.search(path):
        return False
    own = _OWN_PAGE.search(host + path)
    if (
        (own and not _is_a_heading(own[0]))
        or _FILE_OF.search(path)
        or _SHORT_LINK.search(host + path)
    ):
        return True
    if any(_names_somebody(part) for part in path.split("/")):
        return True
    if _MIXED.search(re.split(r"[?#]", written)[0], len(written) - len(rest)):
        return True
    return any(_carries_identifier(part) for part in path.split("/"))


def _is_a_heading(part: str) -> bool:
    """« /candidat/vos-droits »: words of the language, no name."""
    words = re.findall(r"[a-z]+", part.rpartition("/")[2].removesuffix(".html"))
    return len(words) > 1 and all(
        word not in first_names() and (word in french_words() or word in not_names())
        for word in words
    )


def _names_somebody(part: str) -> bool:
    """« nadia-benali », not « lycee-jean-moulin »."""
    words = re.split(r"[-_.]", part)
    if not 2 <= len(words) <= 4 or NAMED_PLACES.intersection(words) or _LINKS.intersection(words):
        return False
    are_names = [word in first_names() or word in family_names() for word in words]
    if all(are_names) and any(
        word in first_names() and word not in french_words() for word in words
    ):
        return True
    return any(
        word in first_names()
        and word not in french_words()
        and word not in not_names()
        and len(word) > 3
        for word in words
    )


def _asks_for_somebody(query: str) -> bool:
    for pair in re.split(r"[&;]", query):
        name, _, value = pair.partition("=")
        if value and not _QUERY_OF_PAGES.match(name) and re.search(r"\d|\w{12,}|%40", value):
            return True
        if re.search(r"\d{5,}|[0-9a-f-]{16,}", value or name):
            return True
        if value and _OF_SOMEBODY.match(name):
            return True
    return False


def _carries_identifier(part: str) -> bool:
    if _PUBLIC_PARTS.search(part):
        return False
    part = _DAY_IN_A_TITLE.sub("", part)
    figures = sum(letter.isdigit() for letter in part)
    words = re.findall(r"[a-z]+", part)
    if figures >= 5 and re.fullmatch(r"[a-z\d]{10,}", part):
        return True
    if figures >= 5 and not re.fullmatch(r"(?:[a-z-]*-)?(?:19|20)\d\d(?:-\d\d){0,2}", part):
        return len(words) <= 4
    mixed = re.search(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}", part)
    return bool((mixed and figures >= 3) or _TOKEN.fullmatch(part))
