"""The demo network: invented stories, drawn photos, and the builders that it shares with the tests."""
