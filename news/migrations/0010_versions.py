"""A story's versions: what django-reversion holds of it, under which number, after which act."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0009_body_references"),
        ("reversion", "0002_add_index_on_version_for_content_type_and_db"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="verb",
            field=models.CharField(
                choices=[
                    ("created", "wrote"),
                    ("edited", "edited"),
                    ("submitted", "submitted"),
                    ("returned", "returned"),
                    ("published", "published"),
                    ("scheduled", "scheduled"),
                    ("withdrawn", "withdrew"),
                    ("corrected", "corrected"),
                    ("restored", "restored the version"),
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
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("returned", "returned"),
                            ("approved", "approved"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_set_aside", models.BooleanField(default=False, verbose_name="set aside")),
                ("changes", models.JSONField(default=dict)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="news.article"
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="version", to="news.event"
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="article_version",
                        to="reversion.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="version_counts_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "submitted", "returned", "approved", "withdrawn"])),
                        name="version_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_set_aside", False), ("event__isnull", True), _connector="OR"),
                        name="version_set_aside_has_no_act",
                    ),
                ],
            },
        ),
    ]
