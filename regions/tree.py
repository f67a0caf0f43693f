"""Pure functions for the materialised paths of the region tree, without a database.

A path consists of the labels from the root down, each followed by a slash: the network is `/`, a province
`/sumaterabarat/`, a city `/sumaterabarat/payakumbuh/`. So a subtree is a prefix search, and a path contains the paths
of its ancestors.
"""

MAX_DEPTH = 2  # network 0, province 1, regency or city 2
ROOT = "/"


def child_path(parent_path: str, label: str) -> str:
    """The path of the region called `label` directly below `parent_path`."""
    return f"{parent_path}{label}/"


def depth(path: str) -> int:
    """0 for the network, 1 for a province, 2 for a regency or city."""
    return path.count("/") - 1


def ancestor_paths(path: str) -> list[str]:
    """The paths above this one, from the root down; `/a/b/` gives `/` and `/a/`."""
    labels = path.strip("/").split("/") if path != ROOT else []
    paths = [ROOT] if labels else []
    for label in labels[:-1]:
        paths.append(child_path(paths[-1], label))
    return paths


def lineage(path: str) -> list[str]:
    """The ancestors and the path itself, from the root down."""
    return [*ancestor_paths(path), path]


def contains(path: str, other: str) -> bool:
    """Whether `other` is this region or below it."""
    return other.startswith(path)
