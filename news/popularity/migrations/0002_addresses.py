import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def every_read_was_an_address(apps, schema_editor):
    """Until now nothing was known of addresses: what was read most stays in its place."""
    for name in ("HourlyReads", "RankedArticle"):
        apps.get_model("popularity", name).objects.update(addresses=F("reads"))


class Migration(migrations.Migration):
    dependencies = [("popularity", "0001_reads")]

    operations = [
        migrations.RenameModel("Seen", "CountedDigest"),
        migrations.RenameModel("WorkedOut", "RankingUpdate"),
        migrations.RenameModel("Leader", "RankedArticle"),
        migrations.AlterField(
            "RankedArticle",
            "article",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rankings", to="news.article"
            ),
        ),
        migrations.AddField("CountedDigest", "readers", models.PositiveIntegerField(default=1)),
        migrations.AddField("RankedArticle", "addresses", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "HourlyReads", "addresses", models.PositiveIntegerField(default=0, verbose_name="addresses")
        ),
        migrations.RunPython(every_read_was_an_address, migrations.RunPython.noop, elidable=True),
    ]
