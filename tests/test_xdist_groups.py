"""Tests that share a server or a browser stay together on one worker: each further one would start its own."""

import pytest


@pytest.mark.xdist_group("server")
def test_a_group_stays_together(request):
    """A version of pytest that xdist did not know yet once ignored all groups without a word."""
    if request.config.getoption("loadgroup", default=False):
        assert request.node.nodeid.endswith("@server")
