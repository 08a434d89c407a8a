"""The words that announce a name: titles, « je m'appelle », « ma fille », « bonjour ».

Owns what announces and how strongly; refuses to say where the name ends (`finding`).
"""

from __future__ import annotations

import re
from enum import IntEnum


class Strength(IntEnum):
    """How far the words before are believed: a common word is a name only from `STRONG` on, a
    common word in small letters only with `SAID`."""

    WEAK = 1
    MIDDLE = 2
    STRONG = 3
    SAID = 4


TITLES = frozenset(
    "m mr mrs monsieur msieur messieurs mme mmes mm mesdames madame mlle melle mlles"
    " mademoiselle dr docteur doctoresse professeur maitre mgr monseigneur capitaine"
    " lieutenant adjudant brigadier major gendarme"
    " adjudant-chef brigadier-chef sieur dame demoiselle famille foyer menage couple epoux"
    " consorts veuve vve".split()
)
SHORT_TITLES = frozenset("m mr mme mmes mlle melle dr".split())
FULL_TITLES = frozenset("monsieur madame mademoiselle messieurs mesdames".split())
PLURAL_TITLES = frozenset("mm mmes mlles messieurs mesdames".split())
LISTED = re.compile(r"(?:[ ]?\([^()\n\d]{2,30}\))?(?:,? (?:et|ou|&|puis|ni) |, )")
"""Between the names behind « Messieurs »: « Weber (Metz) et Thill »."""

_SAID = re.compile(
    r"(?<![a-z'])(?:(?:je )?m'? ?ap+el+e?s?|mapel+e|je me (?:pre)?nomme|(?:il|elle|qui|se|s'?"
    r"|t')[ ]?"
    r"s?'?ap+el+(?:e|ent|ait|er)"
    r"|tout le monde dit(?= [«\"][ ]?[a-z]{3,12}[ ]?[»\"])"
    r"|(?:mon|son|ma|le|nom et|vrai) prenom(?: c'?est| est| :)?"
    r"|(?:mon|son) nom(?: de famille| complet| d'usage| de jeune fille)?(?: c'?est| est)"
    r"|pre?nommee?s?|denommee?s?|surnommee?|soussignee?s?|ou j'ecris ton nom"
    r"|(?:nom|prenom)(?: de (?:famille|jeune fille|naissance))? (?:s'?ecri[tv]\w*|s'orthographie"
    r"|s'epelle"
    r"|se prononce|commence par))"
    r"[ ,:(«\"]{0,3}(?:desormais|maintenant|bien|aussi|toujours|donc|simplement|moi"
    r"|:)?[ :«\"]{0,3}(?=[a-z])"
)
_NICKNAMED = re.compile(
    r"(?<![a-z])(?:on|monde) l'ap+el+(?:e|ait)[ ]?[«\"]?[ ]?(?=[a-z])(?!l[ae]s? |l'|une? |m[oa]n? )"
)
"""« on l'appelle Jojo », not « on l'appelle la Maison des services »."""
OF_A_THING = re.compile(
    r"(?<![a-z])(?:residences?|ecoles?|lycees?|colleges?|creches?|wi-?fi|reseau|logiciels?"
    r"|applications?"
    r"|applis?|sites?|services?|rues?|places?|quartiers?|associations?|programmes?|foyers?|salles?"
    r"|batiments?|hopital|hopitaux|cliniques?|dispositifs?|communes?|villages?|villes?"
    r"|bateaux?|societes?|entreprises?|boites?|agences?|formulaires?|cafes?|restaurants?|lignes?"
    r"|plateformes?|chatbots?|robots?|jeux?|livres?|films?|chiens?|chiennes?|chats?|chattes?|lac"
    r"|parkings?|avenues?|portails?|documents?|ehpad|theatres?|cinemas?|musees?|stades?|gymnases?)"
    r"(?: [a-z'-]{2,12}){0,2} (?:qui )?s'\Z"
)
"""« la résidence s'appelle », « le wifi du CHU s'appelle »."""
OF_ITS_PEOPLE = re.compile(
    r"(?<![a-z])(?:du |des |aux? |d'|(?:de|a|dans|chez|sur|pour|par|avec|en) (?:l'|l[ae]s? |une? "
    r"|[mts](?:on|a|es) |notre |nos |votre |vos |leurs? |ce(?:t|tte|s)? )?)(?:[a-z-]{2,12} )?\Z"
    r"|(?<![a-z])(?:qui|que|dont) [^.!?\n]{0,60}\Z"
)
"""« le directeur du » service, « la dame qui tient la » salle: somebody's name follows."""
_BORN_NAMED = re.compile(r"(?<![a-z])nee (?=[a-z][a-z'-]{3,20}(?: le [\d\x1f]|,? a |[,.)](?!\w)))")
"""« née mercier le 19 janvier »."""
_NAME_FIELD = re.compile(
    r"(?<![a-z])(?:noms?|prenoms?)(?:[ ]?(?:et|/|,|&)?[ ]?prenoms?| de (?:naissance|famille)"
    r"| d'usage| de jeune fille| marital| complet)?[ ]?(?:[:=][ ]?[«\"]?|-[ ])[ ]?(?=[a-z])"
    r"|(?<![a-z])nom[ ]{1,2}(?=[a-z'-]{2,20}[ ,]{1,3}prenoms?[ :])"
    r"|(?<![a-z])nom[ ]{1,2}[a-z'-]{2,20}[ ,]{1,3}prenoms?[ ]{1,2}(?=[a-z])"
)
_NAME_TOLD = re.compile(
    r"(?<![a-z])(?:mon|ton|son|notre|votre|leur) (?:vrai |bon )?(?:nom"
    r"|prenom)(?: [a-z'-]{1,15}){1,7}"
    r"[ ]?:[ ]?[«\"]?[ ]?(?=[a-z])"
)
"""« mon nom est bien sur la boîte : Agopian »."""
_FIELD = re.compile(
    r"(?<![a-z])(?:signe|signee|signature|identite"
    r"|victime|temoin|plaignante?|defendeur|requerante?|prevenue?|locataire|demandeur"
    r"|titulaire|destinataire|expediteur|assuree?|patiente?|allocataire|beneficiaire|concerne"
    r"|de|a|dossier de|au nom de|contact|interlocuteur|conseiller|conseillere|referente?"
    r"|responsable|agent|badge|compagnon|compagne|conjointe?|mari|epoux|epouse|pere|mere|fils|fille"
    r"|enfants?|tuteur|tutrice|curateur|curatrice|medecin(?: traitant)?|avocate?|notaire)"
    r"(?: ?: ?)[«\"]?(?=[a-z])"
)
_STRONG = re.compile(
    r"(?<![a-z'])(?:au nom (?:de|d'|du)|de la part (?:de|d')|dde|nommee?s?|appelee?s?(?! a )|epouse"
    r"|veuve|vve|nees?(?= [a-z])|alias|divorcee?|ex[ -]epouse|signe|signee|badge (?:indiqu\w+"
    r"|disait"
    r"|marque|affich\w+)|une? certaine?|(?:[a-z]|\.) c/|moi c'?(?:est)?|moi,|c'est moi,?|ici"
    r"|repond au nom de|a l'attention de"
    r"|sous le nom"
    r"(?: de)?|dossier (?:de|au nom de)|le nom de|moi)[ ,:«\"]{1,3}(?=[a-z])"
)
_KIN = (
    r"(?:beau|belle|grand|grands|arriere|petit|petite|ex|demi|co)?[ -]?(?:pere|mere|papa|maman"
    r"|fils|fille|filles|frere|soeur|sœur|mari|femme|epoux|epouse|conjoint|conjointe|compagnon"
    r"|compagne|concubin|concubine|fiance|fiancee|oncle|tante|tonton|tata|cousin|cousine|neveu"
    r"|niece"
    r"|mamie|mami|mamy|papi|papy|meme|pepe|meme|memere|parents?|enfants?|parrain|marraine|filleul"
    r"|filleule|jumeaux|jumelles|bebe|gamine?|gosse|gars|petiote?|aine|ainee|cadet|cadette"
    r"|benjamine?"
    r"|petits|petite|petit|puce|garcon|garcons|ado|voisine?|voisins|amie?|amis|copine?|pote"
    r"|collegue"
    r"|coloc|colocataire|proprietaire|proprio|bailleur|bailleresse|locataire|patronn?e?|employeur"
    r"|conseille(?:re?|e)?|referente?|tuteur|tutrice|curateur|curatrice|mandataire|avocate?|medecin"
    r"|medecin[ -]traitant|kine|infirmiere?|orthophoniste|psychologue|psychiatre|psy|dentiste"
    r"|gynecologue|pediatre|chirurgiene?|sage[ -]femme|aide[ -]soignante?|auxiliaire"
    r"|assistante?(?: sociale?)?|ergo(?:therapeute)?"
    r"|assistante? maternelle|nounou|nourrice|educatrice|educateur|ancienne"
    r"|animateur|animatrice|mediatrice|mediateur|formateur|formatrice|instituteur|institutrice"
    r"|maitresse|prof|professeure?|instit|atsem|agente?|employee?|secretaire|hotesse|receptionniste"
    r"|guichetiere?|standardiste|facteur|factrice|postiere?|livreur|gardienne?|concierge|gerante?"
    r"|comptable|directrice|directeur|responsable|superieure?|cheffe?|adjointe?|stagiaire"
    r"|apprentie?"
    r"|interlocuteur|interlocutrice|instructeur|instructrice|evaluatrice|evaluateur|inspecteur"
    r"|inspectrice|controleur|controleuse|huissier|notaire|juge|greffiere?|commissaire|policiere?"
    r"|gendarme|brigadier|cliente?|patiente?|eleve|etudiante?|benevole|monsieur|dame|jeune homme"
    r"|jeune femme|jeune|beneficiaire|usagere?|protege|filles|personne|accompagnante?|aidante?|ex"
    r"|travailleuse|travailleur|remplacante?|successeur|predecesseur|technicien(?:ne)?|operatrice"
    r"|operateur|teleconseillere?|chargee? de mission|titulaire|acheteur|vendeur|vendeuse|artisan"
    r"|garagiste|plombier|locuteur|interprete|traductrice|traducteur)"
)
_KIN_ALONE = re.compile(
    r"(?:^|[.,;:!?\n(][ ]{0,2}|(?<![a-z])(?:et|avec|pour) )(?:mari|femme|epoux|epouse|pere|mere"
    r"|papa|maman|fils|fille|frere|soeur|beau[ -]frere|belle[ -](?:soeur|mere)|beau[ -]pere|oncle"
    r"|tante|tonton|tata|cousine?|neveu|niece|copine?|amie?|voisine?|bebe|enfant"
    r"|grand[ -](?:pere|mere))"
    r" (?=[a-z])"
)
"""« mari Cheikh il a tapé »: who writes with few articles."""
RELATION = re.compile(
    r"(?<![a-z])(?:mon|ma|mes|son|sa|ses|notre|nos|votre|vos|leur|leurs|ton|ta|tes|le|la|les|l'|un"
    r"|une|cet|cette|ce|d'un|d'une|de l'|du|au|deux|petite?|jeune|des)[ ]?(?:petite?|grande?"
    r"|jeune|ancien(?:ne)?"
    r"|nouvel(?:le)?|vieux|vieille|pauvre|chere?|premiere?|futur|future|meilleure?|propre|deux"
    r"|trois)?[ ]?"
    rf"{_KIN}"
    r"(?: (?:aine|ainee|cadet|cadette|unique|actuel|actuelle|adore|adoree|sociale?|referente?"
    r"|handicapee?"
    r"|malade|principale?|d'accueil|du dessus|du dessous|d'en face|de palier|d'a cote))?"
    r"(?P<pause>[ ]?[,(:«\"]?[ ]?[«\"]?)(?:c'est |est |qui s'appelle |prenomme |nomme |dit |dite"
    r" )?(?=[a-z])"
)
_GREETING = re.compile(
    r"(?<![a-z])(?:bonjour|bonsoir|bjr|salut|slt|coucou|cc|hello|chere?s?|cordialement|cdt|cdlt"
    r"|respectueusement"
    r"|sincerement|amicalement|bises|bisous|bien a (?:vous|toi)|merci|merci (?:encore |beaucoup "
    r"|infiniment"
    r"|mille fois |bien |aussi |surtout |enfin |donc |tout particulierement )?(?:a|pour)|bravo"
    r"|bravo a|grace a|chapeau a|felicitations a"
    r"|remercier?|remercie (?:aussi |encore |vivement |chaleureusement |beaucoup )?|merci a vous"
    r"|big up a|pensee (?:pour|a)|special a|mention speciale a"
    r"|je suis|jsuis|chui|c'est|c|cest|c'etait|parle[r]? (?:a|avec)|dit a|dites a|demande a"
    r"|salutations|sentiments distingues|sentiments les meilleurs)"
    r"[ ,:.!\n]{1,4}(?=[a-z])"
)
_THANKED = re.compile(
    r"(?<![a-z])(?:merci (?:\w+ ){0,2}a|bravo (?:\w+ )?a|grace a|chapeau a|big up a|felicitations a"
    r"|remercie (?:\w+ )?|remercier |pensee pour|mention speciale a|c'est avec|recue? par|aidee?"
    r" par"
    r"|accueillie? par|renseignee? par|suivie? par|appelee? par|signe par|eu affaire a|demander"
    r"|demande"
    r"|rappeler|rappelez|contacter|contactez|joindre|voir|rencontre)[ ]{1,2}(?=[a-z])"
)
_OF_SOMEBODY = re.compile(
    r"(?<![a-z])(?:papa|maman|pere|mere|fils|fille|femme|mari|epouse|epoux|conjointe?|veuve|soeur"
    r"|frere|ami|amie|voisine?|tuteur|tutrice|parents|petite|petit|bebe|prenom|celle|celui|chez"
    r"|tata|tonton|tante|oncle|meme|mamie|mamy|mami|papi|papy|pepe|cousine?|soeur|frere"
    r"|dossier|demande|nom|cas|situation|compte|carte|passeport|acte|mariage|deces) "
    r"(?:de |d'|du petit |de la petite )?[«\"]?(?=[a-z])"
)
NAMES_IN_SMALL_LETTERS = frozenset(
    "marie pierre rose claire jean marine romain clement clemence aurore ambre jade iris jules"
    " marcel"
    " robin benjamin celeste pascal pascale olivier violette charlotte madeleine victoire martial"
    " constance angelique regis reine germaine germain julienne clementine capucine valentin"
    " valentine max maxime romane manuel octave chantal jasmin benoit sylvestre lise doris rosalie"
    " honore line laure amandine".split()
)
"""First names that are words, and are names all the same after « ma fille », « merci à »."""
APPOSED = re.compile(
    rf", (?:mon|ma|notre|son|sa|leur|votre) (?:petite? |grande? |jeune "
    rf"|ex[ -])?{_KIN}(?![a-z])(?= ?,)"
)
"""« Noël, mon mari, rit »."""
CORRECTED = re.compile(
    r"(?<![\w'-])([A-ZÀ-Ý][\w'-]{2,24})[ ]?[»\",]?[ ](?:au lieu de|et non(?: pas)?|et pas"
    r"|plutôt que|pas)"
    r"[ ][«\"]?[ ]?([A-ZÀ-Ý][\w'-]{2,24})"
)
AGAINST = re.compile(r"(?<![\w'-])([A-ZÀ-Ý][\w'-]{2,24})[ ]c/[ ]?(?=[A-ZÀ-Ý])")
"""The parties of a case."""
VEHICLES = frozenset("zoe megane mercedes octavia fabia clio leon".split())
"""First names that are makes: « une Zoe »."""
TIMES = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche avril mai mars juin juillet aout hiver ete"
    " printemps automne jour nuit".split()
)
RANKS = frozenset(
    "commandant colonel sergent caporal commissaire inspecteur inspectrice abbe imam rabbin pasteur"
    " soeur sœur frere pere".split()
)
"""Titles that a name follows with its capital."""
CUES = (
    (_SAID, Strength.SAID),
    (_NICKNAMED, Strength.SAID),
    (_BORN_NAMED, Strength.SAID),
    (_NAME_FIELD, Strength.SAID),
    (_NAME_TOLD, Strength.STRONG),
    (_FIELD, Strength.STRONG),
    (_STRONG, Strength.STRONG),
    (RELATION, Strength.MIDDLE),
    (_THANKED, Strength.MIDDLE),
    (_KIN_ALONE, Strength.WEAK),
    (_GREETING, Strength.WEAK),
    (_OF_SOMEBODY, Strength.WEAK),
)
"""Each ends where the name would begin."""

NAMED_PLACES = frozenset(
    "rue avenue boulevard bd av place allee allees impasse quai square cours chemin route pont"
    " rond-point"
    " lycee college ecole ecoles maternelle primaire hopital hopitaux clinique polyclinique fac"
    " faculte universite espace"
    " salle gymnase stade piscine mediatheque bibliotheque centre residence ehpad foyer creche"
    " theatre cinema"
    " station gare metro tramway tram arret cite quartier parc jardin tour institut musee loi"
    " lois amendement"
    " charte prix fondation association usine garage boulangerie cafe restaurant hotel pharmacie"
    " societe entreprise magasin sarl ets etablissements marque eglise basilique chapelle"
    " cathedrale"
    " foire marche fete vallee mont lac commune ville mairie village canton prefecture"
    " sous-prefecture"
    " tribunal caisse internat groupe cimetiere aeroport port ile plage montagne barrage villa"
    " batiment immeuble amphi auditorium maison chu chr ifsi campus laboratoire labo pavillon"
    " service unite plan dispositif methode affaire livret carte pass pavillon bateau ferry navire"
    " cyclone tempete ouragan residences esplanade promenade passage faubourg carrefour zac zi zone"
    " cmp cmpp camsp cms esat ime itep sessad erea ulis segpa maternite site parking application"
    " appli logiciel"
    " portail plateforme outil simulateur teleservice chatbot robot chaudiere chaleur poele"
    " radiateur"
    " fort caserne base camp autoroute tunnel viaduc voie rocade ligne col domaine chateau".split()
)
HARDLY_NAMES = frozenset(
    "noel france victoire merveille espoir grace chance paix toussaint avril mai mars juin juillet"
    " aout paris bienvenu bienvenue parfait parfaite constant juste marianne felicite destin gloire"
    " amour soleil liberte saint christ tresor promesse perle lundi samedi dimanche vendredi line"
    " long chat cat pat mat jour nuit ete hiver printemps automne or lin line pilar figue fraise"
    " pomme orange noir blanc bleu papa baba nana mamie papi bebe titi toto didi junior senior roi"
    " reine prince princesse sol sable polo yoga soda prudence prudent vaillant ardent ange"
    " max".split()
)
"""First names that begin a sentence as words more often than as names."""
SPOKEN_OF = frozenset(
    "a est m' m'a m'avait nous s' s'est etait avait doit va peut sait travaille habite vit n' ne"
    " lui vient vous te t' me se l' dit veut fait aussi".split()
)
ACTS = frozenset(
    "ma m' m'a m'avait nous a n' ne doit va peut sait avait dit repond repondait rappelle refuse"
    " demande explique suit traite travaille vient".split()
)
"""What follows the name of somebody who acts."""
FIELDS = frozenset(
    "tel telephone portable port mobile fixe mail email courriel adresse alloc allocataire num"
    " numero n no nir iban rib secu dossier identifiant id matricule ne nee ddn habitant habite"
    " demeurant domicilie domiciliee age agee et au".split()
)
"""What follows the name of somebody who says who they are: « théo blanchet alloc 3318840 »."""
HARDLY_FAMILIES = frozenset(
    "aller cases close comment court cousin droit frere maire maison neveu page pages parent pauvre"
    " port porte pres quartier rue tort ville vite voisin canton champ monte paquet soldat"
    " lundi jeudi samedi janvier fevrier".split()
)
"""Family names that are not believed in small letters: « chez julie porte b »."""
COORDINATED = re.compile(
    r"[ ]?(?:c/|contre|vs\.?|au lieu de|et non(?: pas)?|et pas|plutot que|et|ou|puis|&|/|,|\+"
    r"|avec|et de|et a|et mme|et m|que|et/ou|et aussi|ni)[ ]?"
)
"""Between two names of which one is known."""
