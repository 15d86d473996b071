"""`python -m benchmarks.campaign run --profile delta --seeds 20 --ways a b c d`, then `… page`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.campaign.page import write_page
from benchmarks.campaign.profiles import PROFILES
from benchmarks.campaign.running import FOLDER, Wanted, run_all
from benchmarks.campaign.ways import WAYS


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="simulate campaigns and store what each brought")
    run.add_argument("--profile", choices=PROFILES, default="delta")
    run.add_argument("--households", type=int, help="a smaller commune of that kind: hamlets and volunteers in proportion")
    run.add_argument("--seeds", type=int, default=20, help="how many, from --first-seed on (default 20)")
    run.add_argument("--first-seed", type=int, default=1)
    run.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    run.add_argument("--iterations", type=int, default=4000, help="of the search, a week (default 4000)")
    run.add_argument("--workers", type=int, default=2)
    run.add_argument("--again", action="store_true", help="also those whose figures are stored already")
    run.add_argument("--folder", type=Path, default=FOLDER)
    most = commands.add_parser("ceiling", help="measure what knowing when people are at home could bring at most")
    most.add_argument("--profile", choices=PROFILES, default="delta")
    most.add_argument("--households", type=int, default=1800)
    most.add_argument("--seeds", type=int, default=8)
    most.add_argument("--iterations", type=int, default=6000)
    most.add_argument("--folder", type=Path, default=FOLDER)
    page = commands.add_parser("page", help="write docs/campaign-benchmarks.md and its plots from the stored figures")
    page.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args(arguments)
    if given.command == "page":
        write_page(given.folder)
        return 0
    if given.command == "ceiling":
        from benchmarks.campaign.ceiling import measure

        measure(given.profile, given.households, range(1, 1 + given.seeds), given.folder, given.iterations)
        return 0
    households = given.households or PROFILES[given.profile].households
    seeds = range(given.first_seed, given.first_seed + given.seeds)
    campaigns = [Wanted(given.profile, households, seed, way, given.iterations) for seed in seeds for way in given.ways]
    played = run_all(campaigns, given.folder, given.workers, again=given.again)
    print(f"{played} campaigns played, {len(campaigns) - played} were there already")
    return 0


if __name__ == "__main__":
    sys.exit(main())
