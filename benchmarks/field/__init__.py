"""The app of the field, measured and mistreated in a real browser."""
