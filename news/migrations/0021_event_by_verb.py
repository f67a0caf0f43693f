"""The journal is counted by verb and time (news/newsroom/counts.py), by the desk on every visit: by an index, because the
journal only grows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0020_last_seen")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index("verb", "happened_at", name="event_by_verb"),
        )
    ]
