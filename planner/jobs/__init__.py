"""The clock: a ticking scheduler over due-slot rows, and what is due."""
