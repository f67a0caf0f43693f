"""What machines read of an edition: feeds, sitemaps, structured data, the API. All of it says what pages say."""
