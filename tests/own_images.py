"""Images of a user's own in ECR: as small as can be, of the kind and platform that a test wants."""

import contextlib
import hashlib
import json
import urllib.request

from botocore.exceptions import ClientError

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"
NEIGHBOUR = "210987654321"  # another account


def as_neighbour(request, **_):
    """Make a request another account's, as the emulator knows it."""
    request.headers.add_header("x-moto-account-id", NEIGHBOUR)


def let_in(ecr, repository, principal):
    """Let others pull from a repository."""
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    allowed = {"Effect": "Allow", "Principal": principal, "Action": actions}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    ecr.set_repository_policy(repositoryName=repository, policyText=policy)


def copy(ecr, uri, other, repository):
    """Put an image, named by digest, into another account's repository; return its URI there."""
    name, _, digest = uri.partition("/")[2].partition("@")
    wanted = {"repositoryName": name, "imageIds": [{"imageDigest": digest}]}
    (image,) = ecr.batch_get_image(**wanted)["images"]
    other.create_repository(repositoryName=repository)
    manifest = json.loads(image["imageManifest"])
    for part in (manifest["config"], *manifest["layers"]):
        words = {"repositoryName": name, "layerDigest": part["digest"]}
        with urllib.request.urlopen(ecr.get_download_url_for_layer(**words)["downloadUrl"]) as blob:
            _push_blob(other, repository, blob.read())
    other.put_image(repositoryName=repository, imageManifest=image["imageManifest"], imageTag="1")
    (found,) = other.describe_repositories(repositoryNames=[repository])["repositories"]
    return f"{found['repositoryUri']}:1"


def push(ecr, repository, tag, architecture="amd64", kind=DOCKER):
    """Push an image through the registry's API; return its URI."""
    with contextlib.suppress(ecr.exceptions.RepositoryAlreadyExistsException):
        ecr.create_repository(repositoryName=repository, imageTagMutability="IMMUTABLE")
    settings = {"os": "linux", "architecture": architecture, "tag": tag}
    config = _push_blob(ecr, repository, json.dumps(settings).encode())
    layer = _push_blob(ecr, repository, tag.encode())
    manifest = {
        "schemaVersion": 2,
        "mediaType": kind,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
        "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", **layer}],
    }
    ecr.put_image(
        repositoryName=repository,
        imageManifest=json.dumps(manifest),
        imageManifestMediaType=kind,
        imageTag=tag,
    )
    (found,) = ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    return f"{found['repositoryUri']}:{tag}"


def _push_blob(ecr, repository, data):
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    upload = ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    words = {"repositoryName": repository, "uploadId": upload}
    ecr.upload_layer_part(**words, partFirstByte=0, partLastByte=len(data) - 1, layerPartBlob=data)
    try:
        ecr.complete_layer_upload(**words, layerDigests=[digest])
    except ClientError as error:
        if error.response["Error"]["Code"] != "LayerAlreadyExistsException":
            raise
    return {"size": len(data), "digest": digest}
