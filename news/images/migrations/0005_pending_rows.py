import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("images", "0004_rendition_manifest")]

    operations = [
        migrations.CreateModel(
            name="PendingFile",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("person", models.PositiveBigIntegerField(db_index=True)),
                ("length", models.PositiveBigIntegerField(default=0)),
                ("photo", models.PositiveBigIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="PendingChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset", models.PositiveBigIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="images.pendingfile"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("file", "offset"), name="pending_chunk_once")],
            },
        ),
    ]
