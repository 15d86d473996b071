"""Pure rules of a door-to-door campaign: plain values in, plain values out, standard library only."""
