"""How phones and server stand up to bad days: chaos, kill -9, the evening peak. See docs/field-benchmarks.md."""
