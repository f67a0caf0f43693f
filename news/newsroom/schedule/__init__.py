"""The schedule: a calendar of a region's scheduled and published stories, with planned ideas.

`periods` has the days and the gaps, `entries` the queries, `page` the page, `moving` a story's new time, `ideas` the
admin of planned ideas, and `feed` the calendar that phones subscribe to.
"""
