"""One file a rule: a hard rule that a plan keeps, or a summand of the total. The files are the list; see `registry`."""
