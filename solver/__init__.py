"""The weekly optimiser: plain data in, plain data out; it knows no database and no web.

The stages are in :mod:`solver.solve`; the file formats are described in ``docs/solver-format.md``.
"""
