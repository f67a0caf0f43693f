"""Additions to django-tasks: a worker that survives database outages, recovery of lost tasks, and mail."""
