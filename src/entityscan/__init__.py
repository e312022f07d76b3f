"""entityscan: names and military equipment in news articles, merged into one table."""
