"""Check what two runs of `make demo` printed, and the commands that they offer.

check_demo.py OUTPUT KIT; the emulator is still up.
"""

import re
import subprocess
import sys
from pathlib import Path

SPECIES = ["setosa", "versicolor", "virginica"]


def main(output: Path, kit: Path) -> None:
    first, second = output.read_text().split("[1/5]")[1:]
    for text in (first, second):
        assert re.findall(r"→  (\w+)", text) == ["species", *SPECIES], "the three flowers"
        assert text.count("✔") == 5, "five steps, each done"
    accuracy = float(re.search(r"cross_validated_accuracy ([0-9.]+)", second)[1])
    assert accuracy >= 0.93, f"cross-validated accuracy {accuracy}"
    for made in ("✔ built ", "✔ trained ", "now serves", "create_"):
        assert made in first, f"the first run did not say '{made}'"
        assert made not in second, f"the second run said '{made}'"
    assert "| setosa |" in (kit / ".demo/summary.md").read_text(), "the summary"
    assert "denied" not in (kit / ".demo/emulator.log").read_text(), "what the roles may do"
    for command in offered(second):
        answer = subprocess.run(
            ["bash", "-c", command], cwd=kit, capture_output=True, text=True, check=False
        )
        assert all(species in answer.stdout for species in SPECIES), f"{command}\n{answer}"
    sys.stdout.write(f"The demo is as it should be: accuracy {accuracy}, nothing made twice.\n")


def offered(text: str) -> list[str]:
    """Return the two commands that call the endpoint by hand."""
    paragraphs = text.partition("Call the endpoint yourself:")[2].split("\n\n")
    commands = [paragraph for paragraph in paragraphs if paragraph.startswith("  ")]
    assert ["curl" in commands[0], "aws sagemaker-runtime" in commands[1]] == [True, True]
    (variables,) = commands[2:]  # for scripts and steps of one's own
    assert variables.startswith("  export AWS_ENDPOINT_URL=http://")
    return commands[:2]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
