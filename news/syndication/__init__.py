"""An edition for machines: feeds, sitemaps, structured data and the API. They contain only what pages show."""
