"""Check what two runs of `make demo` printed: check_demo.py OUTPUT KIT."""

import re
import sys
from pathlib import Path

SPECIES = ["setosa", "versicolor", "virginica"]


def main(output: Path, kit: Path) -> None:
    first, second = output.read_text().split("All of it took", 2)[:2]
    second = second.partition("[1/5]")[1] + second.partition("[1/5]")[2]
    for text in (first, second):
        assert re.findall(r"→  (\w+)", text) == ["species", *SPECIES], "the three flowers"
        assert text.count("✔") == 5, "five steps, each done"
    accuracy = float(re.search(r"cross_validated_accuracy ([0-9.]+)", second)[1])
    assert accuracy >= 0.93, f"cross-validated accuracy {accuracy}"
    for made in (" built ", " trained ", "now serves", "create_"):
        assert made in first, f"the first run did not say '{made}'"
        assert made not in second, f"the second run said '{made}'"
    assert "| setosa |" in (kit / ".demo/summary.md").read_text(), "the summary"
    sys.stdout.write(f"The demo is as it should be: accuracy {accuracy}, nothing made twice.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
