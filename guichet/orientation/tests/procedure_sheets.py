"""Fictional sheets, in the DILA's XML and in the JSON of the npm package."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

DC = "{http://purl.org/dc/elements/1.1/}"

BODY = """
  <Introduction><Texte><Paragraphe>La licorne est un animal <MiseEnEvidence>rare</MiseEnEvidence>.
  </Paragraphe></Texte></Introduction>
  <ListeSituations affichage="onglet">
    <Situation>
      <Titre>En France</Titre>
      <Texte>
        <Chapitre>
          <Titre><Paragraphe>Au 1<Exposant>er</Exposant> janvier</Paragraphe></Titre>
          <Paragraphe>Adressez-vous à la mairie <LienInterne LienPublication="F2">du
          lieu</LienInterne><Valeur>12&#160;€</Valeur>.</Paragraphe>
          <OuSAdresser ID="R1" type="Local personnalisé sur SP">
            <Titre>Mairie</Titre>
            <Complement>Pour déclarer</Complement>
            <PivotLocal>mairie</PivotLocal>
            <RessourceWeb URL="https://lannuaire.example/"/>
            <Texte><Paragraphe>Ouvert le matin</Paragraphe></Texte>
          </OuSAdresser>
          <ServiceEnLigne ID="R2" URL="https://demarche.example/licorne" type="Téléservice">
            <Titre>Déclarer une licorne</Titre><Source ID="R9">Ministère</Source>
          </ServiceEnLigne>
        </Chapitre>
      </Texte>
    </Situation>
  </ListeSituations>
  <OuSAdresser ID="R3" type="Centre de contact"><Titre>Allô Licorne - 00 00</Titre></OuSAdresser>
  <OuSAdresser ID="R1" type="Local personnalisé sur SP">
    <Titre>Mairie</Titre><Complement>Pour s'informer</Complement><PivotLocal>mairie</PivotLocal>
  </OuSAdresser>
  <ServiceEnLigne ID="R4" URL="https://demarche.example/cerfa" type="Formulaire"
    numerocerfa="99999*01"><Titre>Déclaration</Titre></ServiceEnLigne>
  <ServiceEnLigne ID="R5" type="Modèle de document"><Titre>Lettre au maire</Titre></ServiceEnLigne>
  <ServiceEnLigne ID="R2" URL="https://demarche.example/licorne" type="Téléservice">
    <Titre>Déclarer une licorne</Titre>
  </ServiceEnLigne>
  <QuestionReponse ID="F3" audience="Particuliers">Et les dragons ?</QuestionReponse>
"""


def sheet_xml(
    code: str = "F1",
    *,
    audience: str = "Particuliers",
    title: str = "Déclarer une licorne",
    date: str = "modified 2026-10-01",
    body: str = BODY,
    **attributes: str,
) -> str:
    """The XML of a fictional sheet, well formed and complete."""
    attributes = {
        "ID": code,
        "type": "Fiche d'information",
        "spUrl": f"https://www.service-public.fr/particuliers/vosdroits/{code}",
        **attributes,
    }
    said = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Publication xmlns:dc="http://purl.org/dc/elements/1.1/" {said}>
  <dc:title>{escape(title)}</dc:title>
  <dc:subject>Famille &amp; animaux</dc:subject>
  <dc:description>Toute licorne se déclare.</dc:description>
  <dc:date>{escape(date)}</dc:date>
  <Audience>{audience}</Audience>
  <FilDAriane><Niveau ID="{audience}">Accueil</Niveau><Niveau ID="N1">Animaux</Niveau></FilDAriane>
  <Theme ID="N1"><Titre>Animaux</Titre></Theme>
  <DossierPere ID="N2"><Titre>Licornes</Titre><Fiche ID="{code}">Déclarer</Fiche></DossierPere>
{body}</Publication>
"""


def as_json(xml: str) -> dict[str, Any]:
    """The tree that the npm package makes of an XML: no text of white space only, no lines."""
    root = ElementTree.fromstring(xml.encode())
    return {"id": root.get("ID"), "children": [element_as_json(root)]}


def element_as_json(element: ElementTree.Element) -> dict[str, Any]:
    children: list[dict[str, Any]] = []
    for text, child in [(element.text, None), *((child.tail, child) for child in element)]:
        if child is not None:
            children.append(element_as_json(child))
        if text and text.strip():
            children.append({"type": "text", "text": text})
    name = element.tag.replace(DC, "dc:")
    return {
        "type": "element",
        "name": name,
        "attributes": dict(element.attrib),
        "children": children,
    }


def sheet_json(code: str = "F1", **options: str) -> bytes:
    return json.dumps(as_json(sheet_xml(code, **options))).encode()


def xml_folder(folder: Path, *codes: str, **options: str) -> Path:
    folder.mkdir(exist_ok=True)
    for code in codes:
        (folder / f"{code}.xml").write_text(sheet_xml(code, **options), encoding="utf-8")
    return folder


def written_zip(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
