import pytest

from regions import tree


def test_ancestors_run_from_the_root_down():
    assert tree.ancestor_paths("/") == []
    assert tree.ancestor_paths("/sumaterabarat/") == ["/"]
    assert tree.ancestor_paths("/sumaterabarat/payakumbuh/") == ["/", "/sumaterabarat/"]
    assert tree.lineage("/a/b/") == ["/", "/a/", "/a/b/"]


@pytest.mark.parametrize(("path", "depth"), [("/", 0), ("/a/", 1), ("/a/b/", 2)])
def test_depth(path, depth):
    assert tree.depth(path) == depth


def test_a_branch_contains_itself_and_what_is_below_and_no_namesake():
    assert tree.contains("/solok/", "/solok/")
    assert tree.contains("/solok/", "/solok/a/")
    assert not tree.contains("/solok/", "/solokselatan/")
