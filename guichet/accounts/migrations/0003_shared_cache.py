"""The table of the cache that all workers share: without it each would count attempts alone.

Same columns as `createcachetable`; unlogged, because a lost counter costs nothing.
"""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE guichet_shared_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX guichet_shared_cache_expires ON guichet_shared_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_is_immutable")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE guichet_shared_cache;")]
