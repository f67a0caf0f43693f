from news.newsroom import region_labels
from regions import hosts


def test_no_region_can_have_the_networks_name():
    assert hosts.label_problem(region_labels.NETWORK) == "malformed"
