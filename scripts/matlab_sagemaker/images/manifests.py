"""Image manifests: SageMaker takes Docker's, version 2 schema 2, of linux/amd64, and no OCI. Pure.

OCI's image manifest differs from Docker's in the names of its media types alone: the layers are the
same bytes, and so is the configuration, so one can be written for the other.
Source: https://github.com/opencontainers/image-spec/blob/main/media-types.md
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
PLATFORM = "linux/amd64"
ACCEPTED = [DOCKER_MANIFEST, OCI_MANIFEST, *INDEXES]


def as_docker(manifest: str) -> str | None:
    """Return an OCI image manifest as Docker's; None where its layers are of no kind Docker has."""
    oci = json.loads(manifest)
    if any(layer["mediaType"] not in (OCI_LAYER, DOCKER_LAYER) for layer in oci["layers"]):
        return None
    docker = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": {**_plain(oci["config"]), "mediaType": DOCKER_CONFIG},
        "layers": [{**_plain(layer), "mediaType": DOCKER_LAYER} for layer in oci["layers"]],
    }
    return json.dumps(docker, indent=2)


def only_image(index: str) -> str | None:
    """Return the digest of the linux/amd64 image that an index names; None where it has none."""
    for entry in json.loads(index)["manifests"]:
        platform = entry.get("platform", {})
        if (platform.get("os"), platform.get("architecture")) == ("linux", "amd64"):
            return str(entry["digest"])
    return None


def layer_sizes(manifest: str, settings: Mapping[str, Any]) -> dict[str, int]:
    """Return the bytes of an image's layers in a registry, by what engines call a layer.

    That is the first digits of its digest, compressed or plain; `settings` is the configuration
    that the manifest names, and has the plain ones in the same order.
    """
    layers = json.loads(manifest)["layers"]
    compressed = {_short(layer["digest"]): layer["size"] for layer in layers}
    diff_ids = settings["rootfs"]["diff_ids"]
    plain = {_short(name): layer["size"] for name, layer in zip(diff_ids, layers, strict=True)}
    return {**plain, **compressed}


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _plain(descriptor: dict[str, Any]) -> dict[str, Any]:
    return {"size": descriptor["size"], "digest": descriptor["digest"]}
