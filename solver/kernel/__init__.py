"""The search in compiled code: plain arrays in, plain arrays out."""
