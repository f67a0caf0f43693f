"""Lists by tag read a table of their own, as lists of sections read placements.

It is filled by the database, before it has its index and foreign keys, which are made faster afterwards. The planner is
told what migration 0008 tells it of placements: that regions are large, and tags too.
"""

import django.db.models.deletion
from django.db import migrations, models

LARGE = {"region_id": 4, "tag_id": 2}
"""As many different values as the planner is to believe in."""


def fill(apps, schema_editor):
    schema_editor.execute(
        "INSERT INTO news_taggedplacement (article_id, region_id, tag_id, published_at, expires_at)"
        " SELECT placement.article_id, placement.region_id, tagged.tag_id, placement.published_at, placement.expires_at"
        " FROM news_placement placement JOIN news_taggedarticle tagged ON tagged.article_id = placement.article_id"
    )


def tell_planner(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column, count in LARGE.items():
            schema_editor.execute(f"ALTER TABLE news_taggedplacement ALTER {column} SET (n_distinct = {count})")
        schema_editor.execute("ANALYZE news_taggedplacement")


class Migration(migrations.Migration):
    dependencies = [("news", "0014_comments"), ("regions", "0008_form_keys")]

    operations = [
        migrations.CreateModel(
            name="TaggedPlacement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "article", "region", "tag", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("published_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged_placements",
                        to="news.article",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="news.tag"
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at", "-article_id"],
                "indexes": [
                    models.Index(
                        models.F("tag"),
                        models.F("region"),
                        models.OrderBy(models.F("published_at"), descending=True),
                        models.OrderBy(models.F("article"), descending=True),
                        name="tagged_placement_list",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(tell_planner, migrations.RunPython.noop),
    ]
