"""The base of all images of the tests: a Debian made here, not pulled from a registry.

It has everything that the kit's Dockerfiles install, and no package sources, so their `apt-get`
steps do nothing. The pip of later builds uses the machine's certificates and package index.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import ssl
import subprocess
from pathlib import Path

from helpers.kit.go_programs import cache
from images.engine import NoEngineError

NAME = "matlab-sagemaker-test/base"
SUITE = "bookworm"
PACKAGES = "octave,python3,python3-pip,nginx-light,ca-certificates,curl,unzip"
# Texts, and those of Octave's dependencies that only a screen needs: a third of the whole.
UNUSED = "share/doc share/man share/locale lib/x86_64-linux-gnu/dri lib/x86_64-linux-gnu/libLLVM*"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def base_image(engine):
    """Import the base image into the engine, after making it if necessary; return its tag."""
    certificates = machine_certificates()
    recipe = f"{SUITE} {PACKAGES} {UNUSED} {pip_settings()}".encode() + certificates.read_bytes()
    key = hashlib.sha256(recipe).hexdigest()[:16]
    tag, archive = f"{NAME}:{key}", cache() / f"base-{key}.tar"
    with (cache() / "base.lock").open("w") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)  # all workers of the tests come here
        if not archive.exists():
            make(archive, certificates)
        if not engine.docker("images", "--quiet", tag).strip():
            engine.docker("import", "--platform", "linux/amd64", archive, tag)
    return tag


def make(archive, certificates):
    """Make the base's tar, completely or not at all."""
    if not shutil.which("mmdebstrap"):
        raise NoEngineError("there is no mmdebstrap to make a base image with")
    unfinished = archive.with_suffix(".unfinished.tar")
    settings = archive.with_suffix(".pip")
    settings.write_text(pip_settings())
    hooks = (
        f'cp {certificates} "$1{BUNDLE}"',
        f'cp {settings} "$1/etc/pip.conf"',
        'rm -rf "$1"/etc/apt/sources.list*',
        f'cd "$1/usr" && rm -rf {UNUSED}',
    )
    command = [
        "mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}",
        '--aptopt=APT::Install-Recommends "false"',
        *(f"--customize-hook={hook}" for hook in hooks),
        SUITE, unfinished,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    settings.unlink()
    if done.returncode:
        raise NoEngineError(f"mmdebstrap makes no base image: {done.stderr[-500:]}")
    unfinished.replace(archive)


def machine_certificates():
    """Return this machine's bundle of certificates."""
    return Path(os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or BUNDLE)


def pip_settings():
    """Return the pip.conf of the base image, with this machine's package index."""
    index = os.environ.get("PIP_INDEX_URL")
    return f"[global]\ncert = {BUNDLE}\n" + (f"index-url = {index}\n" if index else "")
