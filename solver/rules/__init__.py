"""One file a hard rule (title and breaches) or a measure of the total; the list of them is `registry`."""
