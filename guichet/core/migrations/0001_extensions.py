from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("django_ltree", "0001_create_extension")]
    run_before = [("territories", "0001_initial")]
    operations = [TrigramExtension(), UnaccentExtension(), BtreeGistExtension()]
