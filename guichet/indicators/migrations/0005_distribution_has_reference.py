from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_batch_jumps_and_changes")]

    operations = [
        migrations.AddConstraint(
            model_name="indicatorversion",
            constraint=models.CheckConstraint(
                condition=~Q(kind="distribution") | Q(reference_bound__isnull=False),
                name="version_distribution_has_reference",
            ),
        ),
    ]
