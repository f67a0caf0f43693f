"""Charts as positions: nothing is drawn outside, and an empty chart is one."""

from news.newsroom import charts


def test_the_largest_bar_is_the_longest_and_a_long_name_is_cut():
    name = "Kabupaten dengan nama yang amat sangat panjang sekali"
    drawn = charts.bars([(name, 8), ("Ambon", 2), ("Makassar", 0)])
    assert [bar.width for bar in drawn.bars] == ["88.00%", "22.00%", "0.00%"]
    assert [bar.name for bar in drawn.bars] == ["Kabupaten dengan nama yang amat s…", "Ambon", "Makassar"]
    assert drawn.bars[0].title == f"{name}: 8"
    tops = [float(bar.top.removesuffix("rem")) for bar in drawn.bars]
    assert tops == sorted(tops)
    assert tops[-1] + 1 <= float(drawn.height.removesuffix("rem"))


def test_a_column_for_each_figure_within_the_chart():
    drawn = charts.sparkline([("1 Nov", 0), ("2 Nov", 4), ("3 Nov", 1)])
    assert drawn.width == 30
    assert [(column.x, column.y, column.height) for column in drawn.columns] == [
        (0, "40.0", "0.0"),
        (10, "0.0", "40.0"),
        (20, "30.0", "10.0"),
    ]
    assert drawn.columns[1].title == "2 Nov: 4"


def test_charts_of_nothing():
    assert charts.bars([]).bars == []
    assert {bar.width for bar in charts.bars([("a", 0), ("b", 0)]).bars} == {"0.00%"}
    assert {column.height for column in charts.sparkline([("a", 0)]).columns} == {"0.0"}
