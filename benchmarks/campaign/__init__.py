"""Whole campaigns, simulated: a commune whose true habits nobody in the planner knows, worked in four ways with the same people.

`python -m benchmarks.campaign run --profile delta --seeds 20 --ways a b c d`, then `python -m benchmarks.campaign page`;
what it found stands in docs/campaign-benchmarks.md, why it is built so in docs/decisions/0024-campaign-simulator.md.
"""
