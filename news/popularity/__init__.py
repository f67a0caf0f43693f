"""What is read most: counted without knowing by whom (docs/decisions/0022).

`counter` takes readers' beacons and writes them in batches; `charts.most_read` is what fronts and pages show.
"""
