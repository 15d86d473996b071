"""One file a peer: each turns a routing case into its engine's model, searches, and says which crew visits whom.

They run in an environment of their own (`benchmarks.solver.environment`), as
``python -m benchmarks.solver.peers.with_vroom PROBLEM PLAN ROUTES --seconds 60 --threads 1 --seed 1 --variant NAME``.
"""
