"""What visits teach: when people are at home, what succeeds, how long a door takes. Pure, on counts; see decision 22.

`knocks` turns visits into counts, `beliefs` is the Beta-Binomial, `table` pools the counts over hamlets, `history` is what a
household's own visits say, `lengths` how long doors and shifts take, `reserves` which doors of a list can be dropped.
"""
