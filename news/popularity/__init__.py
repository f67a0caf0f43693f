"""Counts reads without storing who read what (docs/decisions/0022).

`counter` receives readers' beacons and stores them in batches. `rankings` makes the lists of most read articles that
pages show.
"""
