from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_distribution_has_reference")]

    operations = [
        migrations.AddField(
            model_name="declaredvalue",
            name="aimed_at",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True),
        ),
        migrations.AddField(
            model_name="declaredvalue",
            name="aimed_for",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="declaredvalue",
            constraint=models.CheckConstraint(
                condition=Q(aimed_at__isnull=True, aimed_for="")
                | (Q(aimed_at__isnull=False) & ~Q(aimed_for="")),
                name="declared_aim_has_period",
            ),
        ),
    ]
