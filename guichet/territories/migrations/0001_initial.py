import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Departement",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=3, primary_key=True, serialize=False, verbose_name="code INSEE"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nom")),
                ("population", models.PositiveIntegerField(default=0)),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
            ],
            options={
                "verbose_name": "département",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=3, primary_key=True, serialize=False, verbose_name="code INSEE"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nom")),
            ],
            options={
                "verbose_name": "région",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                (
                    "insee_code",
                    models.CharField(
                        max_length=5, primary_key=True, serialize=False, verbose_name="code INSEE"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="nom")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commune", "commune"),
                            ("arrondissement", "arrondissement municipal"),
                        ],
                        default="commune",
                        max_length=14,
                        verbose_name="nature",
                    ),
                ),
                (
                    "postal_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        size=None,
                        verbose_name="codes postaux",
                    ),
                ),
                ("population", models.PositiveIntegerField(default=0)),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                (
                    "position_source",
                    models.CharField(
                        choices=[
                            ("town_hall", "mairie"),
                            ("centroid", "centre du territoire"),
                            ("geonames", "GeoNames"),
                            ("approximate", "approchée"),
                        ],
                        max_length=11,
                        verbose_name="source de la position",
                    ),
                ),
                ("search_name", models.TextField(editable=False)),
                ("bare_name", models.TextField(editable=False)),
                ("postal_search", models.TextField(editable=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrondissements",
                        to="territories.commune",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communes",
                        to="territories.departement",
                    ),
                ),
            ],
            options={
                "verbose_name": "commune",
                "ordering": ["insee_code"],
            },
        ),
        migrations.CreateModel(
            name="FormerCommune",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=5, verbose_name="ancien code INSEE")),
                (
                    "name",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="ancien nom"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delegated", "commune déléguée"),
                            ("associated", "commune associée"),
                            ("former", "ancienne commune"),
                        ],
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                ("search_name", models.TextField(editable=False)),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former",
                        to="territories.commune",
                    ),
                ),
            ],
            options={
                "verbose_name": "ancienne commune",
                "verbose_name_plural": "anciennes communes",
                "ordering": ["code", "name"],
            },
        ),
        migrations.AddField(
            model_name="departement",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departements",
                to="territories.region",
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("search_name", "text_pattern_ops"),
                name="commune_search_name",
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("bare_name", "text_pattern_ops"),
                name="commune_bare_name",
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_name", "gin_trgm_ops"),
                name="commune_search_trigrams",
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("postal_search", "gin_trgm_ops"),
                name="commune_postal_trigrams",
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=models.Index(fields=["latitude", "longitude"], name="commune_position"),
        ),
        migrations.AddConstraint(
            model_name="commune",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                ),
                name="commune_position_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="commune",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "commune"), ("parent", None)),
                    models.Q(("kind", "arrondissement"), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="commune_parent_of_arrondissements_only",
            ),
        ),
        migrations.AddIndex(
            model_name="formercommune",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("search_name", "text_pattern_ops"),
                name="former_search_name",
            ),
        ),
        migrations.AddIndex(
            model_name="formercommune",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_name", "gin_trgm_ops"),
                name="former_search_trigrams",
            ),
        ),
        migrations.AddConstraint(
            model_name="formercommune",
            constraint=models.UniqueConstraint(
                fields=("code", "name"), name="former_code_and_name_once"
            ),
        ),
    ]
