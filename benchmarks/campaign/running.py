"""Many campaigns: one process a seed, its ways one after another, each campaign's figures stored as soon as it is over."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.campaign.profiles import PROFILES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "instance" / "benchmarks" / "campaign"
Document = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A campaign to be simulated."""

    profile: str
    households: int
    seed: int
    way: str
    iterations: int

    def path(self, folder: Path) -> Path:
        return folder / f"{self.profile}-{self.households}" / f"{self.way}-{self.seed:03}.json"


def simulate(wanted: Wanted) -> Document:
    """Play one campaign in this process."""
    from benchmarks.campaign.season import Season, Setting
    from benchmarks.campaign.ways import WAYS

    profile = PROFILES[wanted.profile]
    if wanted.households != profile.households:
        profile = profile.scaled(wanted.households)
    with closing(Season(Setting(profile, wanted.seed, iterations=wanted.iterations), WAYS[wanted.way])) as season:
        return season.play()


def run_all(campaigns: Sequence[Wanted], folder: Path, workers: int, *, again: bool) -> int:
    """Play the campaigns that have no figures yet (`again`: all); return how many were played."""
    todo = [wanted for wanted in campaigns if again or not wanted.path(folder).exists()]
    stamp = {"commit": commit(), "date": time.strftime("%Y-%m-%d")}
    by_seed = {wanted.seed: [other for other in todo if other.seed == wanted.seed] for wanted in todo}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=1) as pool:
        for future in as_completed([pool.submit(simulate_all, of_seed, folder, stamp) for of_seed in by_seed.values()]):
            future.result()
    return len(todo)


def simulate_all(campaigns: Sequence[Wanted], folder: Path, stamp: Document) -> None:
    """Play campaigns one after another in this process and store what each brought."""
    for wanted in campaigns:
        document = {**simulate(wanted), **stamp}
        path = wanted.path(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        print(_line(wanted, document), flush=True)


def _line(wanted: Wanted, document: Document) -> str:
    spent = " ".join(f"{name} {seconds}" for name, seconds in document["cpu_seconds"].items() if seconds >= 0.5)
    return (
        f"{wanted.profile} {wanted.households} seed {wanted.seed} way {wanted.way}: {document['helped']} helped, "
        f"{document['needs_done']} needs; {document['seconds']} s ({spent})"
    )


def commit() -> str:
    """Return the commit that is measured, with a + where files differ from it; "unknown" outside a repository."""
    asked = ["git", "-C", str(ROOT)]
    found = subprocess.run([*asked, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    if found.returncode:
        return "unknown"
    paths = ["planner", "solver", "benchmarks/campaign"]
    changed = subprocess.run([*asked, "status", "--porcelain", "--", *paths], capture_output=True, text=True, check=False)
    return found.stdout.strip() + ("+" if changed.stdout.strip() else "")
