from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0002_first_names")]

    operations = [
        migrations.RenameModel("Root", "StemOverride"),
        migrations.RenameField("StemOverride", "root", "stem"),
        migrations.RemoveConstraint("StemOverride", "root_is_of_a_word"),
        migrations.AlterModelOptions(
            "StemOverride",
            {"ordering": ["word", "pk"], "verbose_name": "stem of a word", "verbose_name_plural": "stems of words"},
        ),
        migrations.AlterField(
            "StemOverride",
            "stem",
            models.CharField(
                blank=True,
                help_text="Empty: the word has no other form, like a name.",
                max_length=40,
                verbose_name="its stem",
            ),
        ),
        migrations.AddConstraint(
            "StemOverride",
            models.CheckConstraint(
                condition=~models.Q(word=""),
                name="stem_override_has_word",
                violation_error_message="Write one word.",
            ),
        ),
    ]
