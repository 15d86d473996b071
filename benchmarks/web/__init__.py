"""How long the figures take, and how far the forecast can be trusted: see docs/progress.md."""
