"""Examines a running install, and says of each finding what to do (`manage.py doctor`).

A check is a function in a module of `pekon.doctor.checks` with the decorator `registry.check`. It yields findings, and
changes nothing that stays.
"""
