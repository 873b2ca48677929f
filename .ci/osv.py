"""Checks every package that the kit locks in OSV, the database of known vulnerabilities.

Exit code 1 if it finds any; each is an annotation at its line of the lock.
Source: https://google.github.io/osv.dev/post-v1-querybatch/
"""

import json
import re
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
API = "https://api.osv.dev/v1/querybatch"
MOST = 1000  # queries in one request
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
# Vulnerabilities that do not affect the kit, and why.
ACCEPTED: dict[str, str] = {}

Pins = dict[tuple[str, str], list[tuple[str, int]]]


def main(api: str = API) -> None:
    """Read the locks, query OSV, and report what it knows."""
    pins = locked(ROOT)
    found = [(pin, vulnerability) for pin, vulnerability in known(list(pins), api)]
    news = [(pin, vulnerability) for pin, vulnerability in found if vulnerability not in ACCEPTED]
    for (name, version), vulnerability in news:
        for file, line in pins[name, version]:
            sys.stdout.write(
                f"::error file={file},line={line},title={name} {version}::{vulnerability}: see "
                f"https://osv.dev/vulnerability/{vulnerability}. Run `make lock ARGS=--upgrade`; "
                "where no version is better, say in ACCEPTED (.ci/osv.py) why that may stay.\n"
            )
    sys.stdout.write(f"{len(pins)} packages, {len(news)} known vulnerabilities\n")
    sys.exit(1 if news else 0)


def locked(root: Path) -> Pins:
    """Return each package and version with the files and lines that lock it."""
    pins: Pins = {}
    for file in sorted([*root.glob("locks/*.txt"), *root.glob("docker/*/requirements.txt")]):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if pin := PIN.match(line):
                place = (file.relative_to(root).as_posix(), number)
                pins.setdefault((pin[1], pin[2]), []).append(place)
    return pins


def known(pins: list[tuple[str, str]], api: str) -> list[tuple[tuple[str, str], str]]:
    """Return each vulnerability that OSV knows of these packages, in the order of `pins`."""
    found = []
    for start in range(0, len(pins), MOST):
        part = pins[start : start + MOST]
        queries = [
            {"package": {"ecosystem": "PyPI", "name": name}, "version": version}
            for name, version in part
        ]
        # Answers are in the order of the queries. Of several pages, the first is enough to fail.
        for pin, result in zip(part, ask(api, queries), strict=True):
            found += [(pin, each["id"]) for each in result.get("vulns", [])]
    return found


def ask(api: str, queries: list[dict[str, object]]) -> list[dict[str, list[dict[str, str]]]]:
    """Return OSV's result for each query."""
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(api, body, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        results: list[dict[str, list[dict[str, str]]]] = json.load(answer)["results"]
        return results


if __name__ == "__main__":
    main(*sys.argv[1:])
