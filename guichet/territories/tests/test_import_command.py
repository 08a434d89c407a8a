import json

import pytest
from django.core.management import CommandError, call_command

from guichet.territories.models import Commune

pytestmark = pytest.mark.usefixtures("load_reference_territories")


def test_the_command_says_what_it_did(capsys):
    Commune.objects.filter(insee_code="01004").delete()
    call_command("import_territories")
    assert "Communes : 1 créées, 0 modifiées, 35013 inchangées" in capsys.readouterr().out
    call_command("import_territories", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["applied"], report["unchanged"], report["faults"]) == (True, 35_014, [])


def test_an_unusable_file_ends_in_a_french_sentence(tmp_path, capsys):
    path = tmp_path / "communes.csv"
    path.write_text("pas une liste")
    with pytest.raises(CommandError, match=r"il manque les colonnes.*Rien n’a été changé"):
        call_command("import_territories", "--communes", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["applied"] is False


def test_faulty_lines_are_listed_with_field_and_value(tmp_path, capsys):
    path = tmp_path / "communes.csv"
    path.write_text(
        "code_insee,nom,type,commune_parente,departement,codes_postaux,population,lat,lon\n"
        "01004,Ambérieu,COM,,01,01500,beaucoup,45.9,5.3\n"
    )
    with pytest.raises(CommandError, match="rien n’a été changé"):
        call_command("import_territories", "--communes", str(path))
    assert "ligne 2, 01004, population « beaucoup »" in capsys.readouterr().out
