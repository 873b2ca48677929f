"""Without an engine the container tests are skipped; if CI requires one, they fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize("tests", ["test_octave_serving.py", "test_oci_engine.py"])
@pytest.mark.parametrize(
    ("required", "code", "word", "other"),
    [("", 0, "skipped", "error"), ("1", 1, "error", "skipped")],
)
def test_no_engine_is_a_failure_where_one_is_required(tmp_path, tests, required, code, word, other):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", HERE / tests]
    without = {"PATH": "/nowhere", "XDG_CACHE_HOME": tmp_path, "REQUIRE_DOCKER": required}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")}
    done = subprocess.run(
        command, env={**kept, **without}, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout
    assert word in done.stdout
    assert other not in done.stdout
    assert "passed" not in done.stdout
