"""How the newsroom's addresses name a region: by its label; the network, which has none, by what no label can be."""

from regions.models import Region

NETWORK = "-"


def label_of(region: Region) -> str:
    return region.subdomain or NETWORK


def subdomain_of(label: str) -> str:
    """The subdomain of the region that an address names."""
    return "" if label == NETWORK else label
