"""Backup and restore: `manage.py backup` and `manage.py restore`.

A target (a folder, or a prefix in a bucket) holds

    pekon-backup.json                 whose backups these are
    backups/20261128T200000Z/         one backup: the database, and manifest.json, which is written last
    pool/KEY/ab/abcdef…               files of all backups, named by the SHA-256 of what they hold
    tombstones/                       what a restore must not bring back (pekon.tombstones)

KEY names the key that the files are encrypted with, or is `plain`. What has no manifest is no backup.
"""
