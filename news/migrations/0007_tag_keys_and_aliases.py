"""A tag is known by its key, which tells C, C++ and C# apart; former names and addresses of tags are remembered."""

import django.db.models.deletion
from django.db import migrations, models

from news.content.slugs import tag_key


def fill_keys(apps, schema_editor):
    """A tag that was renamed is also still known by the name that its address was made from."""
    Tag, TagAlias = apps.get_model("news", "Tag"), apps.get_model("news", "TagAlias")
    tags = list(Tag.objects.order_by("pk"))
    taken = set()
    for tag in tags:
        tag.key = next(key for key in (tag_key(tag.name), tag.slug, f"{tag.slug}-{tag.pk}") if key and key not in taken)
        taken.add(tag.key)
    Tag.objects.bulk_update(tags, ["key"], batch_size=500)
    former = [TagAlias(tag=tag, name=tag.slug, key=tag.slug, slug=tag.slug) for tag in tags if tag.slug not in taken]
    TagAlias.objects.bulk_create(former, batch_size=500)


VERBS = [
    ("created", "wrote"),
    ("edited", "edited"),
    ("submitted", "submitted"),
    ("returned", "returned"),
    ("published", "published"),
    ("scheduled", "scheduled"),
    ("withdrawn", "withdrew"),
    ("corrected", "corrected"),
    ("preview_made", "made a preview link"),
    ("preview_revoked", "revoked a preview link"),
    ("invited", "invited"),
    ("invitation_revoked", "revoked the invitation of"),
    ("joined", "accepted the invitation"),
    ("role_given", "gave the role"),
    ("role_taken", "took away the role"),
    ("deactivated", "deactivated the account"),
    ("reactivated", "reactivated the account"),
    ("changed", "changed the account"),
    ("author_linked", "linked the account to the author"),
    ("author_unlinked", "unlinked the account from the author"),
    ("factors_reset", "removed the second factors"),
    ("logged_in", "logged in"),
    ("password_changed", "changed the password"),
    ("factor_added", "added a second factor"),
    ("factor_removed", "removed a second factor"),
    ("tag_renamed", "renamed the tag"),
    ("tag_merged", "merged the tag"),
]


class Migration(migrations.Migration):
    dependencies = [("news", "0006_english_values_and_slot")]

    operations = [
        migrations.CreateModel(
            "TagAlias",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(editable=False, max_length=100)),
                ("key", models.CharField(editable=False, max_length=200, unique=True)),
                ("slug", models.CharField(db_index=True, editable=False, max_length=100)),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="news.tag"
                    ),
                ),
            ],
            options={
                "verbose_name": "former name of a tag",
                "verbose_name_plural": "former names of tags",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.AddField("Tag", "key", models.CharField(default="", editable=False, max_length=200), False),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.AlterField("Tag", "key", models.CharField(editable=False, max_length=200, unique=True)),
        migrations.AlterField("Event", "verb", models.CharField(choices=VERBS, max_length=20)),
    ]
