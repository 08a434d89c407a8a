"""Identifiers of a person or a file at an administration: by the words before, or by their shape.

Owns which words announce one; refuses years, dates, prices, forms (cerfa), articles of law, SIRET.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.spans import Span
from guichet.moderation.detection.word_lists import french_words, not_names
from guichet.moderation.kinds import Kind

_NUMBERED = frozenset(
    "numero numeros num nums nr no n n° nº ° # reference references ref refs id identifiant"
    " identifiants code matricule nref".split()
)
_FILES = frozenset(
    "dossier dossiers allocataire allocataires alloc matricule agdref etranger etrangers etrangere"
    " fiscal fiscale fiscaux fisc spi teledeclarant declarant neph ine bea rg pv verbal visa"
    " passeport cni nie nip niss rio nss carte sejour titre recepisse recommande recommandee"
    " recommandes lrar ar lettre suivi colis contrat demande demandes demandeur emploi client"
    " cliente adherent adherente cotisant cotisante usager usagere assure assuree permis facture"
    " contravention amende procedure plainte courante recours requete licence abonne abonnee"
    " compteur pdl prm telepaiement candidat candidature inscription etudiant etudiante eleve"
    " patient ipp mutuelle police sinistre employeur beneficiaire quittance mandat commande"
    " reservation ticket incident reclamation signalement courrier courriers convocation decision"
    " notification jugement minute parquet livret naturalisation famille unique dalo sne ants antai"
    " ofii ofpra cnda mdph cpf compte retraite pension pensionne prestation ft fps forfait vignette"
    " immatriculation chassis vin identite invalidite resident identifiant identifiants login"
    " reference references ref refs avis caf cpam caisse travail pole secu securite sociale ssr"
    " ecrou rpps adeli chorus certificat bail bon recu executoire role taxe fonciere parcelle"
    " cadastre construire affaire instance depot prelevement rum creance dette indu redevance"
    " abonnement navigo badge casier conscrit militaire jdc diplome concours tutelle mesure linky"
    " dp cu ban crpa registre repertoire declaration teledeclaration acces activation cession"
    " confirmation validation suivie envoi paquet bordereau ordre virement imposition"
    " caisses dde aide apl rsa aah surendettement bdf rente logement bourse attestation"
    " recette".split()
)
_SKIPPED = frozenset(
    "de du des d' la le les l' c'est c' est et etait sont a au aux sous moi lui mon ma mes mien"
    ' mienne notre nos votre vos leur son sa : = - – ( " « » , porte portant voici suivant suivante'
    " celui celle ci-joint provisoire definitif ci cest s c ce bien actuel ancien ancienne nouveau"
    " nouvelle toujours perso personnel personnelle interne en cours qui que classe enregistre"
    " enregistree depose deposee sur unique depot appel france d'identite d'emploi d'allocataire"
    " d'avis d'appel d'adherent d'assure d'inscription d'etranger d'usager"
    " d'immatriculation".split()
)
_REGISTERS = frozenset("rg pv cmi tj ta ti tgi rj lj".split())
"""Letters that stand before the number of a case, and that people copy with it."""
_FILE_STEMS = tuple("allocat immatric identif referen demande".split())
_NOT_FILES = frozenset(
    "cerfa loi decret arrete article articles art circulaire directive reglement siret siren ape"
    " naf rcs tva finess uai rna postal bureau guichet ligne bus quai page poste etage salle porte"
    " version annexe chambre departement dept formulaire imprime windows iphone android"
    " deliberation"
    " motion amendement ordonnance jurisprudence notice bic swift budget budgetaire lot programme"
    " volume tome edition journal jo bo decision-cadre vert azur surtaxe".split()
)
_ON_LINE = re.compile(r"(?<![a-z])en ligne(?![a-z])")
_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*'?|[°#:=–(\"«»,-]|\d+")
_TOKEN = re.compile(
    r"(?<![\w,.])(?:[A-Za-z]{1,6}[-/_.](?=[\w./-]{0,24}\d)|[A-Z]{1,4}[ ](?=\d{3})"
    r"|[A-Z]{1,4}[ ](?=\d\d[ ]\d)|[A-Z][ ](?=\d{2,4}/\d)"
    r"|[A-Za-z]{1,4}(?=\d))?"
    r"(?:[A-Za-z0-9]{1,8}[-/_.](?=[\w./-]{0,24}\d)){0,4}\d[\dA-Za-z]*"
    r"(?:(?:[ ]?[-/_.–][ ]?|[ ]{1,2})?(?:[A-Z]{0,3}\d[\dA-Za-z]*|[A-Z](?![\w'])"
    r"|[A-Z]{1,6}(?=[-/_.]\w)"
    r"|(?!(?:ET|LE|DU|AU|LA|DE|EN|OU|UN|A) )[A-Z]{1,3}(?=[ ]\d{3})"
    r"|(?<=\d[ ])(?!(?:ET|LE|DU|AU|LA|DE|EN|OU|UN|IL|ON|JE|NE|SE|SA|MA|ME|CE|TU|SI)(?!\w))[A-Z]{2}"
    r"(?![\w']|[ ][A-Z])|(?<=[-/_.])[A-Z]{1,6}(?!\w)))*"
)
_MASKED_WORD = re.compile(
    r"(?<![a-z])(?:mots? de passe|mdp|code secret|code confidentiel|identifiant|login|pseudo)"
    r"[ ]?(?:c'est|est|:|=)?[ ]?\"?(?=[\w@.!#-]{0,30}\d)([\w@.!#-]{4,40})"
)
_BUSINESS = re.compile(
    r"(?<![a-z])(?:cerfa|siret|siren|tva|rcs|naf|articles?|art|loi|decret|arrete|nor|idcc|ter|tgv"
    r"|circulaires?|directive|reglement|deliberation|budgetaire|programme|bic|swift|notice"
    r"|amendement"
    r"|pages?|train|vol|version)(?![a-z])[^\d]{0,12}\Z|(?<![a-z'])[lrda][.]? ?\Z"
)
_UNIT_AFTER = re.compile(
    r"(?:[.,]\d{1,2}(?!\d))?[ ]?(?:€|%|eur(?:os?)?(?![a-z])|(?:e|f|frs?|chf|f?cfa|xpf)(?![\w'-])"
    r"|km|m2|m²|h(?![a-z])|heures?"
    r"|ans?(?![a-z])|mois|jours?"
    r"|semaines?"
    r"|pages?|fois|personnes?|habitants?|minutes?|min(?![a-z])|kg|litres?|salaries|enfants?"
    r"|dossiers|appels|mails|courriers|balles|francs)"
)
_DATE = re.compile(
    r"(?:\d{1,2}([./ -])\d{1,2}\1(?:19|20)\d\d|\d{1,2}([./-])\d{1,2}\2\d\d|\d{4}-\d\d-\d\d)"
    r"(?!\d|[/.-]\d)"
)
_OUT_OF = re.compile(r"\d{1,2}/\d{1,2}\Z")
"""« le 02/09 », « 35/40 au code »."""
_FREE_CALL = re.compile(r"0[ .]?8(?:[ .]?\d){8}\Z|0 8[0-2]\d(?: \d{2,3}){0,2}\Z")
_OF_AN_ERROR = re.compile(
    r"(?<![a-z])(?:erreurs?|error|err|bugs?|anomalie|exception|plantage)(?: technique| systeme"
    r"| interne| fatale)?(?: \(?(?:code|n[°o]?|numero|num|type|ref))?[ ]?[:«\"(]?[ ]?"
    r"(?:[a-z]{1,5}[-_])?\Z"
    r"|(?<![a-z])(?:indisponible|impossible|echec|echoue|panne|incident|plante|plante[er]|bugu?e)"
    r"[^.!?\n\d]{0,15}(?<![a-z])(?<![ms]on )(?<!notre )(?<!leur )code ?[:«]? ?\Z"
)
"""« erreur E000501 » is what a site says to everybody."""
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ ]?[-/ ][ ]?(?:19|20)?\d\d)*\Z")
_PUBLIC_NUMBERS = re.compile(r"(?:3\d[ .]?\d\d|1[0-9]{1,2}|11[0-9]|118 ?\d{3}|1\d{3}|10\d\d)\Z")

_CARD_NUMBER = re.compile(r"(?<!\w)(?=[A-Z]*\d[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{8,14}(?!\w)")
_NOT_IDENTIFIERS = re.compile(
    r"\d ?[hH] ?\d|\d+x\d|[a-z]{3}|^(?:19|20)\d\d-\d{1,4}$|^[LRDA]\.? ?\d{1,4}-\d|^\d{1,2}/(?:19"
    r"|20)\d\d$"
    r"|^\d+(?:km|kg|ans|eur|mo|go|ko|m2|ml|cm|mm|h)$",
)
_LETTERS_AT_BOTH_ENDS = re.compile(r"[A-Z]{1,2}(?:[ ]\d+){2,}[ ][A-Z]{1,2}\Z")
"""« AR 59 0042187 Z »: its letters are of the number, although « AR » is a word before some."""
_IN_A_LINK = re.compile(r"(?:://|www\.)\S*\Z")
_SMALL_LETTERS = re.compile(r"[a-zà-ÿ°:(][^A-Z]{0,6}\Z")
_TAX_FORM = re.compile(r"\d{4}(?:[- ][A-Z]{1,4}){1,3}\Z")
_OF_A_FORM = re.compile(
    r"(?<![a-z])(?:declarations?|imprimes?|formulaires?|annexes?)(?: (?:n[°o]?|numero))? ?\Z"
)
_AMOUNT_OF = re.compile(r"\d{1,3}(?:[ ]\d{3})+\Z")
_COUNTED = re.compile(r"[ ]([a-zœ]{4,}s)(?![a-z])")
_TOLD_AT_LAST = re.compile(
    r"(?<![a-z])(?:numero|n°|num|identifiant|matricule|reference|ref)(?![a-z])[^.!?\n\d]{0,100}"
    r"(?<![a-z])(?:est|etait|c'est|serait|devient|donne|disant)(?: bien| donc| aujourd'hui)?"
    r"(?: le| celui-ci)?[ ]?:?[ ]?[«\"]?[ ]?\Z"
)
"""« le numéro de dossier que la dame m'a donné au téléphone est le »."""
_NUMBER_BEHIND = re.compile(
    r"[ ]?[,(:]?[ ]?(?:c'est |est |voila |etant )?(?:mon|le|ma|son|notre)? ?(?:numero|num|n°|no"
    r"|identifiant|matricule|dossier|reference|ref)(?![a-z])"
)
_TOLD_AGAIN = re.compile(
    r"(?<![a-z])(?:le|les|du|au)[ ](?P<right>\d[\d .]{4,16}\d[a-z]?)(?![\w]|[.,]\d"
    r"|[ ]\d)[ ]?[»\",]?[ ]"
    r"(?:et|mais|ou|au lieu|alors que|non|pas|plutot)[a-z ,']{0,30}?(?:le|du|que le)[ ]"
    r"(?P<wrong>\d[\d .]{4,16}\d[a-z]?)(?![\w]|[.,]\d|[ ]\d)"
)
"""« c'est le 2 217 905 et pas le 2 217 950 »: two numbers of which one is a mistake."""
_REGISTERED = re.compile(
    r"(?<![\w.,/-])\d[A-Z][ ]?\d{3}[ ]?\d{3}[ ]?\d{4}[ ]?\d(?!\w)"
    r"|(?<![\w.,/-])\d[A-Z][ ]\d{5}[ ]\d{5}[ ]\d{1,2}(?!\w)"
    r"|(?<!\w)[A-Z]{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}[ ]?[A-Z]{2}(?!\w)"
)
_SHAPES = (
    re.compile(
        r"(?<![\w.,/*°-])(?=[A-Za-z/-]{0,12}\d)[A-Za-z0-9]{1,20}(?:[-/][A-Za-z0-9]{1,20}){0,5}(?![\w*-])"
    ),
    re.compile(r"(?<![\w.,/-])[A-Z][ ]\d{2}/\d{4,6}(?![\w/])"),
    re.compile(r"(?<![\w.,/-])\d{7,8}[ ]?[A-Z](?![\w'])"),
    re.compile(r"(?<![\w.,/-])\d[ ]?\d{3}[ ]?\d{3}[ ][A-Z](?![\w'])"),
    re.compile(r"(?<![\w.,/-])(?=\w{0,12}[A-Z])\d{2}[A-Z]{2}\d{5}(?!\w)"),
    re.compile(r"(?<![\w.,/-])[A-Z]{2,5}\d{6,12}[A-Z]?(?!\w)"),
    re.compile(r"(?<![\w.,/-])\d{4}[A-Z][ -]?\d{5,8}(?!\w)"),
    re.compile(r"(?<![\w.,/-])[A-Z]{1,6}[-/](?:[A-Z0-9]{1,8}[-/]){1,4}\d[A-Z0-9]{2,12}(?![\w*])"),
    re.compile(r"(?<![\w.,/-])\d{2,4}[-/]\d{2,4}[-/]\d{4,9}(?![\w*])"),
    re.compile(r"(?<![\w.,/*-])\d{6,20}(?:-\d{1,6})?(?![\w*])"),
    re.compile(r"(?<![\w.,/*-])\d{1,4}(?:[ .]\d{2,5}){2,5}(?![\w*]|[.,]\d)"),
)


_SPELLED = re.compile(
    r"(?<![a-z'])(?:[a-z] comme [a-z]{3,15}[ ,]{1,3}){1,6}\d[\d ./-]{1,14}\d(?!\w)"
    r"|(?<![\w.,/-])\d[\d ./-]{1,14}\d(?:[ ,]{1,3}[a-z] comme [a-z]{3,15}){1,6}(?![a-z])"
)
"""« B comme Bernard 4417 602 », dictated."""
_LETTER_BEHIND = re.compile(r"[ ][a-z](?=[ ]?(?:[,;)\n]|[.](?![a-z])|\Z))")
"""« 1234567 a »: as the job centre writes its identifiers."""
_LETTERS_BEFORE = re.compile(r"(?<![\w'.-])([A-Z]{2,3})(?:-[A-Z])?[ ]\Z")


def spelled_references(reading: Reading) -> Iterator[Span]:
    """Looked for before addresses and names, which the letters hold."""
    if " comme " not in reading.bare:
        return
    for match in _SPELLED.finditer(reading.bare):
        yield Span(match.start(), match.end(), Kind.FILE_NUMBER, 0.9)


def _with_letters(reading: Reading, start: int) -> int:
    """« RG 25/00962 », « CMI 75-0448213 »: letters that are of the number rather than a word or
    an organisation before it."""
    before = _LETTERS_BEFORE.search(reading.plain, max(0, start - 10), start)
    if before is None:
        return start
    word = before[1].lower()
    is_word = word in _NUMBERED | _NOT_FILES or word in not_names() or word in french_words()
    if word in _REGISTERS:
        return before.start()
    return start if is_word or word in _FILES else before.start()


def registered_letters(reading: Reading) -> Iterator[Span]:
    """Looked for before telephones, whose figures they hold."""
    for match in _REGISTERED.finditer(reading.plain):
        yield Span(match.start(), match.end(), Kind.FILE_NUMBER, 0.9)


def file_numbers(reading: Reading) -> Iterator[Span]:
    for span in _numbers(reading):
        behind = _LETTER_BEHIND.match(reading.bare, span.end)
        is_of_seven = behind and reading.bare[span.start : span.end].isdigit()
        end = behind.end() if behind and is_of_seven and span.end - span.start == 7 else span.end
        yield replace(span, start=_with_letters(reading, span.start), end=end)


def _numbers(reading: Reading) -> Iterator[Span]:
    for token in _TOKEN.finditer(reading.plain):
        start = _start_without_cue(reading.plain, token)
        written = token[0][start - token.start() :].rstrip(" -/_.–")
        end = start + len(written)
        if _is_announced(reading.bare, start, end, written):
            yield Span(start, end, Kind.FILE_NUMBER, 0.85)
    for match in _MASKED_WORD.finditer(reading.bare):
        yield Span(match.start(1), match.end(1), Kind.FILE_NUMBER, 0.7)
    for match in _CARD_NUMBER.finditer(reading.plain):
        is_none = _is_an_error(reading.bare, match.start())
        if not (is_none or _is_business(reading, match.start())):
            yield Span(match.start(), match.end(), Kind.FILE_NUMBER, 0.6)
    yield from _told_again(reading)
    for pattern in _SHAPES:
        for match in pattern.finditer(reading.plain):
            if _stands_alone(reading, match):
                yield Span(match.start(), match.end(), Kind.FILE_NUMBER, 0.6)


def _told_again(reading: Reading) -> Iterator[Span]:
    for match in _TOLD_AGAIN.finditer(reading.bare):
        lengths = [sum(map(str.isdigit, match[name])) for name in ("right", "wrong")]
        for name in ("right", "wrong"):
            is_none = _is_public(reading.bare, match[name], match.end(name))
            if lengths[0] == lengths[1] and not is_none:
                yield Span(match.start(name), match.end(name), Kind.FILE_NUMBER, 0.6)


def _start_without_cue(plain: str, token: re.Match[str]) -> int:
    """« PV 2024/1234 » begins at its figures, « LP 004 771 385 FR » at its letters, and so does
    « n° BEN 20 411 7 »: capitals amid small letters that are no word of a cue."""
    prefix, space, _ = token[0].partition(" ")
    word = prefix.lower()
    is_word = len(word) > 1 and (word in not_names() or word in french_words())
    is_cue = word in _NUMBERED or word in _FILES or is_word
    if prefix.isupper() and _LETTERS_AT_BOTH_ENDS.match(token[0]):
        return token.start()
    if is_cue and word not in _NUMBERED | _FILES | _NOT_FILES and prefix.isupper():
        is_cue = _SMALL_LETTERS.search(plain, max(0, token.start() - 8), token.start()) is None
    return (
        token.start() + len(prefix) + 1 if space and prefix.isalpha() and is_cue else token.start()
    )


def _is_announced(bare: str, start: int, end: int, written: str) -> bool:
    figures = sum(map(str.isdigit, written))
    if figures < 3 or _is_public(bare, written, end) or _is_an_error(bare, start):
        return False
    if figures < 6 and _IN_A_LINK.search(bare, max(0, start - 200), start):
        return False
    cue = _cue_before(bare, start)
    if figures >= 4 and _NUMBER_BEHIND.match(bare, end):
        return True
    if not cue.is_file and _PUBLIC_NUMBERS.match(written):
        return False
    if figures >= 5 and _TOLD_AT_LAST.search(bare, max(0, start - 140), start):
        return True
    if _is_a_count(bare, written, end) and not cue.is_numbered:
        return False
    if _is_a_form(bare, written, start, cue):
        return False
    return cue.is_enough(written, figures)


def _is_a_form(bare: str, written: str, start: int, cue: _Cue) -> bool:
    """« n° 2042-C-PRO », « déclaration 2031-SD »."""
    if _TAX_FORM.match(written) is None:
        return False
    return not cue.is_file or _OF_A_FORM.search(bare, max(0, start - 20), start) is not None


def _is_a_count(bare: str, written: str, end: int) -> bool:
    """« reçu 12 000 demandes »."""
    counted = _COUNTED.match(bare, end) if _AMOUNT_OF.match(written) else None
    return counted is not None and counted[1] in french_words()


@dataclass
class _Cue:
    """What the words before a number say of it; `strangers` are words in between that say
    nothing, and there is none before « numéro » when it `is_next`."""

    is_numbered: bool = False
    is_file: bool = False
    strangers: int = 0
    is_next: bool = False

    def is_enough(self, written: str, figures: int) -> bool:
        """Whether what is `written`, with so many figures, is an identifier after this cue."""
        if self.is_next and re.match(r"[A-Z]{2,}\d{3}", written):
            return True
        if self.is_file and self.is_numbered:
            return figures >= 3 + self.strangers
        if self.is_file:
            return figures >= 4 + 2 * self.strangers
        return self.is_numbered and figures >= (5 if written.isdigit() else 4) + self.strangers


def _cue_before(bare: str, start: int) -> _Cue:
    cue = _Cue()
    strangers = 0
    for word in reversed(_WORD.findall(_ON_LINE.sub("", bare[max(0, start - 80) : start]))):
        stem = word.removeprefix("d'").removeprefix("l'")
        if stem in _NOT_FILES:
            return _Cue()
        is_numbered = stem in _NUMBERED
        is_file = bool(_FILES & {stem, stem.removesuffix("s")}) or stem.startswith(_FILE_STEMS)
        if is_numbered or is_file:
            cue.is_next |= is_numbered and not strangers
            cue.is_numbered |= is_numbered
            cue.is_file |= is_file
            cue.strangers = strangers
        elif word not in _SKIPPED:
            strangers += 1
            if strangers > 3 or cue.is_file:
                break
    return cue


def _is_an_error(bare: str, start: int) -> bool:
    return _OF_AN_ERROR.search(bare, max(0, start - 40), start) is not None


def _is_public(bare: str, written: str, end: int) -> bool:
    """What has the shape of a number of file and is none."""
    return bool(
        _UNIT_AFTER.match(bare, end)
        or bare[end : end + 1] in ("*", "#", "€", "%")
        or _OUT_OF.match(written)
        or written.startswith("BOI-")
        or _DATE.match(written)
        or _YEARS.match(written)
        or re.match(r"\d{1,2}[ ]?h", written)
        or _FREE_CALL.match(written)
    )


def _stands_alone(reading: Reading, match: re.Match[str]) -> bool:
    """A shape without a word before it: long enough, and neither price, SIRET, date nor form."""
    written = match[0]
    figures = re.sub(r"\D", "", written)
    if _is_public(reading.bare, written, match.end()):
        return False
    if _is_business(reading, match.start()) or _is_an_error(reading.bare, match.start()):
        return False
    if not written.replace(" ", "").replace(".", "").isdigit():
        return len(figures) >= 5 and _NOT_IDENTIFIERS.search(written) is None
    if len(figures) == 14 and is_luhn(figures):
        return False
    if written.isdigit():
        return len(figures) >= 6
    return len(figures) >= 9 and _is_not_an_amount(written)


def _is_business(reading: Reading, start: int) -> bool:
    """After « cerfa », « SIRET », « article », « NOR », « train »…"""
    return _BUSINESS.search(reading.bare, max(0, start - 40), start) is not None


def _is_not_an_amount(written: str) -> bool:
    """« 1 250 000 000 » is an amount; « 7 503 184 962 » too, unless its first group is whole."""
    groups = written.split(" ")
    return len(groups) < 3 or any(len(group) != 3 for group in groups[1:]) or len(groups) > 3


def is_luhn(figures: str) -> bool:
    """The key of SIREN, SIRET and bank cards (ISO/IEC 7812)."""
    total = 0
    for position, figure in enumerate(reversed(figures)):
        value = int(figure) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
