import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orientation", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="handover",
            name="sender",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="handovers_sent",
                to="directory.structure",
            ),
        ),
    ]
