import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('news', '0014_comments'),
        ('search', '0003_stem_override'),
    ]

    operations = [
        migrations.CreateModel(
            name='NewsroomWord',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='NewsroomDocument',
            fields=[
                ('title', models.TextField()),
                ('names', models.TextField()),
                ('body', models.TextField()),
                ('title_stems', models.TextField()),
                ('stems', models.TextField()),
                ('tokens', models.TextField()),
                ('built', models.PositiveIntegerField(default=0)),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='newsroom_document', serialize=False, to='news.article')),
            ],
            options={
                'indexes': [models.Index(models.F('built'), name='newsroom_document_built')],
            },
        ),
    ]
