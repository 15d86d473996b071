"""What comes in and goes out as .xlsx and .csv."""
