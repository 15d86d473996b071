"""The public contract: the judge of plans and the maker of synthetic problems, with no code of the project."""
