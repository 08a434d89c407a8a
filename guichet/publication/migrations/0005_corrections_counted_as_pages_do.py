from django.db import migrations, models


def count_as_pages_do(apps, schema_editor):
    """What `CorrectedFigureQuerySet.of_places` was when this was written."""
    release = apps.get_model("publication", "Release")
    for one in release.objects.filter(changed_line_count__gt=0):
        corrected = one.corrections.exclude(level="pool").filter(what="changed", is_move=False)
        one.correction_count = corrected.count()
        one.save(update_fields=["correction_count"])


class Migration(migrations.Migration):
    dependencies = [("publication", "0004_corrected_is_move")]

    operations = [
        migrations.RenameField("release", "correction_count", "changed_line_count"),
        migrations.AddField(
            model_name="release",
            name="correction_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count_as_pages_do, migrations.RunPython.noop),
    ]
