"""The clock and its notices under misfortune: real processes, killed at random points."""
