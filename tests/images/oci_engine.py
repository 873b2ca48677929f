"""A Docker engine with OCI images: its store is containerd's, the default since version 29.

The distribution's engine is older, so this one is built with Go, once, and cached.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from images import engine

PLAIN = "--feature=time-namespaces=false"  # the distribution's runc does not support them


@contextlib.contextmanager
def oci_engine():
    """Yield such an engine, which ends with the block; NoEngineError says why there is none."""
    built = engine.built_program("dockerd")
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:  # a socket's path must be short
        root = Path(folder)
        (root / "config").mkdir()
        with engine.own_daemon(root, built, PLAIN) as started:
            engine.ensure_buildx(started)
            yield started
