"""How good the weekly plans are, and how fast: against proven bounds, other engines and the literature's instances.

    .venv/bin/python -m benchmarks.solver all                    # everything; hours
    .venv/bin/python -m benchmarks.solver marks peers            # these parts
    .venv/bin/python -m benchmarks.solver page                   # docs/benchmarks.md again from the stored figures

Parts: marks, peers, scaling, toptw, replan. Figures are stored as they come in (`instance/benchmarks`), so that a part can be
measured again without the others; every part ends by writing the tables of docs/benchmarks.md. The peers are installed into
an environment of their own (`requirements.txt` beside this file). Needs Linux for the memory figures.
"""
