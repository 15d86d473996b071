"""The server's side of docs/sync.md: what phones send and fetch, their seats, and what the desk decides about it."""
