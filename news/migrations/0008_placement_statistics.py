"""PostgreSQL plans the newest articles of any region as those of a large one: by a walk along the index, newest first.

A plan that is made for any region (news/readers/compiled_queries.py) goes by the average, which is small where regions
are many: too small for the network, which has every article. For a small region the walk is as good as anything.
"""

from django.db import migrations

LARGE = {"region_id": 4, "section_id": 2}
"""As many different values as the planner is to believe in."""


def _alter(schema_editor, option):
    if schema_editor.connection.vendor == "postgresql":
        for column, count in LARGE.items():
            schema_editor.execute(f"ALTER TABLE news_placement ALTER {column} {option.format(count)}")
        schema_editor.execute("ANALYZE news_placement")


class Migration(migrations.Migration):
    dependencies = [("news", "0007_tag_keys_and_aliases")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: _alter(schema_editor, "SET (n_distinct = {})"),
            lambda apps, schema_editor: _alter(schema_editor, "RESET (n_distinct)"),
        )
    ]
