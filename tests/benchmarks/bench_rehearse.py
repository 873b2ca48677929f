"""How long the example's rehearsal takes: python tests/benchmarks/bench_rehearse.py.

Compared with Octave doing the same work by hand: the example's training function, then its handler
on the same request, with only the kit's functions on the path. The kit adds its own start, the
folder, and its output. Also measures an Octave that only starts and ends, and `check`. Exit code 1
if the rehearsal takes more than 3 times as long as the work by hand, or `check` more than a second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KIT = Path(__file__).resolve().parents[2]
EXAMPLE = KIT / "examples/TrainAndDeployClassificationTree"
REQUEST = EXAMPLE / "requests/three_flowers.csv"
OCTAVE = ["octave-cli", "--norc", "--no-history", "--quiet", "--no-window-system", "--eval"]
TIMES = 10
MOST_TIMES, CHECK_S = 3.0, 1.0
TOLERANCE = 1.25  # as in the other benchmarks

BY_HAND = """
warning('off', 'all'); addpath('{kit}/matlab'); addpath('{kit}/docker/octave/compat');
addpath('{example}/code'); addpath('{example}/inference');
env = struct('ModelFolder', '{folder}', ...
    'ChannelInputFolders', struct('training', '{example}/data/training'));
trainClassificationTree(env, 'MinLeafSize', 1);
handler = ClassificationTreeInferenceHandler();
data = handler.decode_input(fileread('{request}'), 'text/csv');
disp(handler.encode_output(handler.predict(data, handler.load_model('{folder}')), 'text/csv'));
exit(0)
"""


def main() -> int:
    """Measure in turn, print and judge."""
    run = str(KIT / "scripts/run")
    with tempfile.TemporaryDirectory() as folder:
        by_hand = BY_HAND.format(kit=KIT, example=EXAMPLE, folder=folder, request=REQUEST)
        commands = {
            "start": [*OCTAVE, "exit(0)"],
            "hand": [*OCTAVE, by_hand],
            "rehearse": [run, "rehearse", "--request", str(REQUEST)],
            "check": [run, "check", "--request", str(REQUEST)],
        }
        seconds = fastest(commands)
    start, hand, rehearse, check = (seconds[name] for name in commands)
    tell(f"Octave starts and ends   {start:.3f} s")
    tell(f"the same work by hand    {hand:.3f} s")
    tell(
        f"rehearse                 {rehearse:.3f} s, {rehearse / hand:.1f} times the work by hand "
        f"(limit {MOST_TIMES:g}), {rehearse / start:.1f} times the start"
    )
    tell(f"check                    {check:.3f} s (limit {CHECK_S:g} s)")
    return 1 if rehearse > TOLERANCE * MOST_TIMES * hand or check > CHECK_S else 0


def fastest(commands: dict[str, list[str]]) -> dict[str, float]:
    """Return the least seconds of each; they take turns, so that a busy moment affects all."""
    runs = [{name: timed(command) for name, command in commands.items()} for _ in range(TIMES)]
    return {name: min(run[name] for run in runs) for name in commands}


def timed(command: list[str]) -> float:
    """Run a command in the example's folder; return its seconds."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=EXAMPLE, check=False, capture_output=True, text=True)
    took = time.monotonic() - began
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return took


def tell(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    os.environ.pop("GITHUB_ACTIONS", None)
    sys.exit(main())
