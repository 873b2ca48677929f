"""What SageMaker takes of a registry's manifests, and how an OCI one becomes one that it takes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.images import manifests

digests = st.binary(min_size=32, max_size=32).map(lambda data: f"sha256:{data.hex()}")
sizes = st.integers(0, 10**11)
layers = st.lists(st.tuples(digests, sizes), min_size=1, max_size=5)


def oci(parts, kind=manifests.OCI_LAYER):
    described = [{"mediaType": kind, "digest": d, "size": s} for d, s in parts]
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "c", "size": 7}
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": manifests.OCI_MANIFEST,
            "config": config,
            "layers": described,
            "annotations": {"a": "b"},
        }
    )


@given(layers)
def test_an_oci_manifest_becomes_dockers_with_the_same_parts(parts):
    docker = json.loads(manifests.as_docker(oci(parts)))
    assert docker["mediaType"] == manifests.DOCKER_MANIFEST
    assert [(layer["digest"], layer["size"]) for layer in docker["layers"]] == parts
    assert {layer["mediaType"] for layer in docker["layers"]} == {manifests.DOCKER_LAYER}
    assert docker["config"]["digest"] == "c"
    assert "oci" not in json.dumps(docker)


def test_layers_of_a_kind_that_docker_has_not_are_not_renamed():
    zstd = "application/vnd.oci.image.layer.v1.tar+zstd"
    assert manifests.as_docker(oci([("d", 1)], zstd)) is None


def test_of_an_index_only_the_image_for_sagemaker_is_taken():
    entries = [
        {"digest": "arm", "platform": {"os": "linux", "architecture": "arm64"}},
        {"digest": "attestation", "platform": {"os": "unknown", "architecture": "unknown"}},
        {"digest": "ours", "platform": {"os": "linux", "architecture": "amd64"}},
    ]
    assert manifests.only_image(json.dumps({"manifests": entries})) == "ours"
    assert manifests.only_image(json.dumps({"manifests": entries[:2]})) is None


def test_layers_have_their_sizes_by_either_digest():
    """An engine calls a layer by the first digits of one of the two."""
    manifest = oci([("sha256:" + "a" * 64, 5), ("sha256:" + "b" * 64, 7)])
    settings = {"rootfs": {"diff_ids": ["sha256:" + "c" * 64, "sha256:" + "d" * 64]}}
    sizes = manifests.layer_sizes(manifest, settings)
    assert sizes == {"a" * 12: 5, "b" * 12: 7, "c" * 12: 5, "d" * 12: 7}
