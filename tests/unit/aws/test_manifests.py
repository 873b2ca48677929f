"""Which manifests SageMaker accepts, and how an OCI manifest becomes one of them."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.aws import manifests

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
    """An engine names a layer by the first digits of one of the two."""
    manifest = oci([("sha256:" + "a" * 64, 5), ("sha256:" + "b" * 64, 7)])
    settings = {"rootfs": {"diff_ids": ["sha256:" + "c" * 64, "sha256:" + "d" * 64]}}
    sizes = manifests.layer_sizes(manifest, settings)
    assert sizes == {"a" * 12: 5, "b" * 12: 7, "c" * 12: 5, "d" * 12: 7}


KITS = {
    "config": {
        "Entrypoint": ["/opt/matlab-sagemaker/run"],
        "Env": ["PATH=/usr/bin:/bin", "MATLAB_SAGEMAKER_ENGINE=octave", "LANG=C"],
        "User": "0",
    },
    "rootfs": {"type": "layers", "diff_ids": ["sha256:a", "sha256:b"]},
}


MARKED = "someone@example.com::MARKED9f8e7d6c5b4a"


def derived(*variables, layers=("sha256:a", "sha256:b", "sha256:c"), **settings):
    """Return the configuration of an image that is built FROM the kit's."""
    own = copy.deepcopy(KITS)
    own["rootfs"]["diff_ids"] = list(layers)
    names = {word.partition("=")[0] for word in variables}
    before = [word for word in own["config"]["Env"] if word.partition("=")[0] not in names]
    own["config"].update({"Env": [*before, *variables], **settings})
    return own


@pytest.mark.parametrize(
    "own",
    [
        KITS,
        derived(),
        derived("LC_ALL=de", "TOOL_HOME=/opt/tool", "PATH=/usr/bin:/bin:/opt/tool"),
        derived("MLM_LICENSE_FILE=27000@licences", "OMP_NUM_THREADS=2", "no_value"),
        derived(User="", Cmd=["bash"], WorkingDir="/work", Labels={"a": "b"}),
        derived(User="root:root"),
    ],
)
def test_what_is_built_from_the_kits_image_is_derived(own):
    assert manifests.why_not_derived(own, KITS) == ""


@pytest.mark.parametrize(
    ("own", "why"),
    [
        (derived(layers=["sha256:a"]), "layers"),
        (derived(layers=["sha256:b", "sha256:a", "sha256:c"]), "layers"),
        (derived(layers=["sha256:x", "sha256:a", "sha256:b"]), "layers"),
        (derived(layers=[]), "layers"),
        ({"config": KITS["config"]}, "layers"),
        ({"rootfs": KITS["rootfs"]}, "ENTRYPOINT is None"),
        (derived(Entrypoint=["/bin/sh", "-c", "true"]), "ENTRYPOINT is ['/bin/sh'"),
        (derived(Entrypoint=["/opt/matlab-sagemaker/run", "more"]), "ENTRYPOINT"),
        (derived(Entrypoint=None), "ENTRYPOINT"),
        (derived(User="matlab"), "user matlab"),
        (derived(User="1000:0"), "user 1000:0"),
        (derived("PATH=/opt/evil:/usr/bin:/bin"), "ENV PATH."),
        (derived("PATH=/usr/bin:/bin2"), "ENV PATH."),
        (derived("PATH=/usr/bin"), "ENV PATH."),
        (derived("LD_PRELOAD=/x.so", "PYTHONPATH=/x"), "ENV LD_PRELOAD, PYTHONPATH."),
        (derived("PYTHONSTARTUP=x"), "ENV PYTHONSTARTUP."),
        (derived("AWS_ENDPOINT_URL_S3=http://x"), "ENV AWS_ENDPOINT_URL_S3."),
        (derived("SAGEMAKER_BASE_DIR=/x"), "ENV SAGEMAKER_BASE_DIR."),
        (derived("MATLAB_SAGEMAKER_ENGINE=matlab"), "ENV MATLAB_SAGEMAKER_ENGINE."),
        (derived("MATLAB_SAGEMAKER_INPUTS="), "ENV MATLAB_SAGEMAKER_INPUTS."),
        (derived("BASH_FUNC_dirname%%=() { evil; }"), "ENV BASH_FUNC_dirname%%."),
        (derived("LANG=de"), "ENV LANG."),
        *(
            (derived(f"{name}=x"), f"ENV {name}.")
            for name in (
                "HTTPS_PROXY",
                "https_proxy",
                "ALL_PROXY",
                "SSL_CERT_FILE",
                "OPENSSL_CONF",
                "REQUESTS_CA_BUNDLE",
                "CURL_CA_BUNDLE",
                "MATLABPATH",
                "MATLAB_PREFDIR",
                "OCTAVE_PATH",
                "OCTAVE_SITE_INITFILE",
                "GCONV_PATH",
                "LOCPATH",
                "HOME",
                "BASH_ENV",
                "HOSTALIASES",
            )
        ),
        (derived(Env=["PATH=/usr/bin:/bin"]), "ENV LANG, MATLAB_SAGEMAKER_ENGINE."),
        (derived(Env=None), "ENV LANG, MATLAB_SAGEMAKER_ENGINE, PATH."),
        (derived(Env=["PATH=/evil", *KITS["config"]["Env"]]), "variables twice: ENV PATH."),
        (derived("TOOL=1", "TOOL=1"), "variables twice: ENV TOOL."),
        (derived("MLM_LICENSE_TOKEN=x"), "can read a batch token: ENV MLM_LICENSE"),
        (derived(f"NOTE=take {MARKED}"), "can read a batch token: ENV NOTE."),
        (derived(f"{MARKED}=1"), "ENV (a batch token)."),
    ],
)
def test_what_does_not_start_as_the_kits_image_is_not_derived(own, why):
    told = manifests.why_not_derived(own, KITS)
    assert why in told
    assert MARKED not in told


def test_without_a_path_of_the_kits_there_is_none_to_go_on_from():
    without = derived(Env=KITS["config"]["Env"][1:], layers=["sha256:a"])
    assert "ENV PATH." in manifests.why_not_derived(derived(), without)
