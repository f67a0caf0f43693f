"""What is worth a second look in a story while it is written. `registry.findings` asks all checks.

Checks advise. What stops a story is decided in `news.publishing.readiness`; the checks say it early. They read and
never write.
"""
