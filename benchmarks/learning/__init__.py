"""What learning when people are at home is worth: calibration, the worth of trying, how long a shift may be."""
