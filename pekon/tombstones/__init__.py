"""Records of what was taken from readers for good, which outlive the restoring of an older backup.

A tombstone is a row, written in the transaction of the act, and a small signed file outside the database: in the
storage `tombstones` and in every backup target (BACKUP_TO). `manage.py restore` gathers all that it can find and
applies them before readers are served. What can be told so is a `Kind`: withdrawn stories are one
(news.publishing.withdrawals), and whoever takes back something else registers another.
"""
