"""How fast 500 small files are uploaded: python tests/benchmarks/bench_upload.py.

Compared with `aws s3 cp`: both are separate processes that send to the same emulator, 30 ms away.
The first argument names the aws program, if not that of the environment `sdk`. Exit code 1 if the
kit takes more than a quarter longer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "scripts")]

from helpers.aws.fault_proxy import proxy  # noqa: E402
from helpers.emulator.process import Emulator  # noqa: E402
from helpers.kit.verb_runs import CREDENTIALS, REGION, client  # noqa: E402
from matlab_sagemaker import digest  # noqa: E402
from matlab_sagemaker.aws import session, upload  # noqa: E402
from matlab_sagemaker.aws.s3 import Upload  # noqa: E402

if TYPE_CHECKING:
    from helpers.aws.fault_proxy import Exchange

FILES, BYTES, DELAY_S = 500, 2_000, 0.03
TIMES, LIMIT = 3, 1.25


def main() -> int:
    """Measure, print and judge."""
    aws = sys.argv[1] if sys.argv[1:] else str(ROOT / ".venv/sdk/bin/aws")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        lay_out(data)
        emulator = Emulator(Path(folder, "work"))
        try:
            with proxy(emulator.url, late) as url:
                peer = [aws, "s3", "cp", "--recursive", "--quiet", str(data)]
                kit = [sys.executable, __file__, "upload", str(data)]
                theirs = min(timed(peer, url, "s3://{}/") for _ in range(TIMES))
                ours = min(timed(kit, url, "{}") for _ in range(TIMES))
        finally:
            emulator.stop()
    sys.stdout.write(
        f"{FILES} files uploaded in {ours:.2f} s, {ours / theirs:.2f} times aws s3 cp "
        f"({theirs:.2f} s), limit {LIMIT:.2f}\n"
    )
    return 1 if ours > LIMIT * theirs else 0


def lay_out(folder: Path) -> None:
    """Write the files."""
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:03}.bin").write_bytes(os.urandom(BYTES))


def late(exchange: Exchange) -> Exchange:
    """Delay an answer."""
    time.sleep(DELAY_S)
    return exchange


def timed(command: list[str], url: str, place: str) -> float:
    """Run a command that uploads into a bucket of its own; return its seconds."""
    bucket = f"bench-{os.urandom(6).hex()}"
    s3 = client("s3", url)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    variables = {**os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": url}
    began = time.monotonic()
    subprocess.run([*command, place.format(bucket)], check=True, env=variables)
    seconds = time.monotonic() - began
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    if sum(page["KeyCount"] for page in pages) != FILES:
        raise AssertionError(f"{command[0]} has not uploaded all")
    return seconds


def upload_all(folder: str, bucket: str) -> None:
    """Upload as a step does: measure, sign in, store."""
    files = {path.name: path for path in Path(folder).iterdir()}
    measured = digest.measure(files)
    wanted = [
        Upload(bucket=bucket, key=name, body=path, measured=measured[name])
        for name, path in files.items()
    ]
    upload.store_all(session.connect(REGION), wanted, lambda _line: None)


if __name__ == "__main__":
    if sys.argv[1:2] == ["upload"]:
        upload_all(*sys.argv[2:])
    else:
        sys.exit(main())
