"""One file per verb of the domain; each function works in the transaction of the session it is given."""
