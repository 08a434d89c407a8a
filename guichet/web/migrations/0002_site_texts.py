from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "texts"
FOOTER = ("aide", "accessibilite", "mentions-legales", "donnees-personnelles")


def load(apps, schema_editor):
    """The first version of each text; the programme team changes it on the site."""
    site_text = apps.get_model("web", "SiteText")
    for rank, slug in enumerate(FOOTER):
        title, _, body = (FOLDER / f"{slug}.txt").read_text(encoding="utf-8").partition("\n")
        site_text.objects.get_or_create(
            slug=slug, defaults={"title": title, "body": body.strip(), "footer_rank": rank}
        )


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
