"""Reads and converts image manifests. Pure.

SageMaker takes only Docker manifests (version 2, schema 2) for linux/amd64, no OCI manifests. The
two differ only in the names of media types: layers and configuration are the same bytes, so one
can be converted to the other.
Source: https://github.com/opencontainers/image-spec/blob/main/media-types.md
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.project import batch_token, variables

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
    """Convert an OCI manifest to a Docker manifest; None if Docker has no such layer type."""
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
    """Find the digest of the linux/amd64 image in an index; None if it does not have one."""
    for entry in json.loads(index)["manifests"]:
        platform = entry.get("platform", {})
        if (platform.get("os"), platform.get("architecture")) == ("linux", "amd64"):
            return str(entry["digest"])
    return None


def layer_sizes(manifest: str, settings: Mapping[str, Any]) -> dict[str, int]:
    """Return the size in bytes of each layer in a registry, by the name that engines show.

    Engines show the first digits of a layer's digest, compressed or uncompressed: both are keys
    here. `settings` is the image's configuration; it lists the uncompressed digests in order.
    """
    layers = json.loads(manifest)["layers"]
    compressed = {_short(layer["digest"]): layer["size"] for layer in layers}
    diff_ids = settings["rootfs"]["diff_ids"]
    plain = {_short(name): layer["size"] for name, layer in zip(diff_ids, layers, strict=True)}
    return {**plain, **compressed}


def why_not_derived(own: Mapping[str, Any], kits: Mapping[str, Any]) -> str:
    """Say why an image was not built FROM the kit's image; empty if it was.

    Both arguments are image configurations. The layers must begin with the kit's, by digest, and a
    container must start as the kit's does: same entry point, as root, and the same values of the
    variables that the kit's image sets or that control the entry point. Only PATH may have more
    folders at its end. Cmd is ignored, since SageMaker passes `train` instead. The content of the
    other layers is not checked: they could overwrite the kit's files, so reviewers must trust the
    image before they accept its digest.
    """
    layers = kits["rootfs"]["diff_ids"]
    if own.get("rootfs", {}).get("diff_ids", [])[: len(layers)] != layers:
        return "Its layers do not begin with those of the kit's image that its label names."
    settings, wanted = own.get("config") or {}, kits.get("config") or {}
    if settings.get("Entrypoint") != wanted.get("Entrypoint"):
        return f"Its ENTRYPOINT is {settings.get('Entrypoint')}, not the kit's."
    if str(settings.get("User") or "0").partition(":")[0] not in ("0", "root"):
        return f"It runs as the user {settings['User']}, not as root."
    return _why_its_variables_differ(settings.get("Env") or [], wanted.get("Env") or [])


def _why_its_variables_differ(own: list[str], kits: list[str]) -> str:
    """Say which variables of an image, given as NAME=VALUE, are not allowed; empty if all are."""
    names = [batch_token.hidden(word.partition("=")[0]) for word in own]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        return f"It sets variables twice: ENV {', '.join(twice)}."
    values = dict(zip(names, (word.partition("=")[2] for word in own), strict=True))
    if tokens := sorted(n for n, v in values.items() if batch_token.is_in(n, v)):
        return f"Everybody who can pull it can read a batch token: ENV {', '.join(tokens)}."
    needed = {name: value for name, _, value in (word.partition("=") for word in kits)}
    path = needed.get("PATH")
    if path and values.get("PATH", "").startswith(f"{path}:"):
        values["PATH"] = path
    compared = needed | {name: "" for name in values if variables.steers(name)}
    other = sorted(name for name in compared if values.get(name) != needed.get(name))
    what = "It changes variables of the kit's image, or sets some that control the entry point"
    return f"{what}: ENV {', '.join(other)}." if other else ""


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _plain(descriptor: dict[str, Any]) -> dict[str, Any]:
    return {"size": descriptor["size"], "digest": descriptor["digest"]}
