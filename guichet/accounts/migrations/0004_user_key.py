"""A random key for each account, by which the log of erasures names it."""

from __future__ import annotations

from uuid import uuid4

from django.db import migrations, models

KEYS_FOR_ALL = "UPDATE accounts_user SET key = gen_random_uuid() WHERE key IS NULL"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_shared_cache")]

    operations = [
        migrations.AddField("user", "key", models.UUIDField(default=None, null=True)),
        migrations.RunSQL(KEYS_FOR_ALL, migrations.RunSQL.noop),
        migrations.AlterField(
            "user", "key", models.UUIDField(default=uuid4, editable=False, unique=True)
        ),
    ]
