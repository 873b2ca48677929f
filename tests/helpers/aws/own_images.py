"""A user's own images in ECR: tiny, of the format and platform that a test wants."""

import contextlib
import gzip
import hashlib
import json
import urllib.request

from botocore.exceptions import ClientError

from helpers.emulator import clients

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"
NEIGHBOUR = "210987654321"  # another account


def as_neighbour(request, **_):
    """Send a request as another account."""
    request.headers.add_header("x-moto-account-id", NEIGHBOUR)


def let_in(ecr, repository, principal):
    """Let others pull from a repository."""
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    allowed = {"Effect": "Allow", "Principal": principal, "Action": actions}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    ecr.set_repository_policy(repositoryName=repository, policyText=policy)


def copy(ecr, uri, other, repository):
    """Put an image, named by digest, into another account's repository; return its URI there."""
    manifest, parts = _fetch(ecr, uri)
    other.create_repository(repositoryName=repository)
    for part in parts.values():
        _push_blob(other, repository, part)
    return _put(other, repository, manifest, "1")


def derive(ecr, uri, repository, tag, *variables, files=None, **settings):
    """Put what is built FROM an image, named by digest, into a repository; return its URI.

    It has one layer more, of `files`, and other variables and settings beside the image's own.
    """
    text, parts = _fetch(ecr, uri)
    manifest = json.loads(text)
    config = json.loads(parts.pop(manifest["config"]["digest"]))
    layer = clients.archive({name: body.encode() for name, body in (files or {}).items()})
    config["config"]["Env"] = [*config["config"]["Env"], *variables]
    config["config"].update(settings)
    config["rootfs"]["diff_ids"].append(digest_of(gzip.decompress(layer)))
    with contextlib.suppress(ecr.exceptions.RepositoryAlreadyExistsException):
        ecr.create_repository(repositoryName=repository, imageTagMutability="IMMUTABLE")
    for part in parts.values():
        _push_blob(ecr, repository, part)
    added = {**manifest["layers"][0], **_push_blob(ecr, repository, layer)}
    manifest["layers"].append(added)
    manifest["config"].update(_push_blob(ecr, repository, json.dumps(config).encode()))
    return _put(ecr, repository, json.dumps(manifest), tag)


def settings(ecr, uri):
    """Return the configuration of an image that is named by digest."""
    text, parts = _fetch(ecr, uri)
    return json.loads(parts[json.loads(text)["config"]["digest"]])


def _fetch(ecr, uri):
    """Return an image's manifest, and its configuration and layers by their digests."""
    name, _, digest = uri.partition("/")[2].partition("@")
    wanted = {"repositoryName": name, "imageIds": [{"imageDigest": digest}]}
    (image,) = ecr.batch_get_image(**wanted)["images"]
    manifest, parts = json.loads(image["imageManifest"]), {}
    for part in (manifest["config"], *manifest["layers"]):
        words = {"repositoryName": name, "layerDigest": part["digest"]}
        with urllib.request.urlopen(ecr.get_download_url_for_layer(**words)["downloadUrl"]) as blob:
            parts[part["digest"]] = blob.read()
    return image["imageManifest"], parts


def _put(ecr, repository, manifest, tag):
    ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)
    (found,) = ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    return f"{found['repositoryUri']}:{tag}"


def push(ecr, repository, tag, architecture="amd64", kind=DOCKER, files=None, **settings):
    """Push an image of files, or an empty one, through the registry's API; return its URI."""
    with contextlib.suppress(ecr.exceptions.RepositoryAlreadyExistsException):
        ecr.create_repository(repositoryName=repository, imageTagMutability="IMMUTABLE")
    told = {"os": "linux", "architecture": architecture, "tag": tag, "config": settings}
    config = _push_blob(ecr, repository, json.dumps(told).encode())
    layer = _push_blob(ecr, repository, clients.archive(files) if files else tag.encode())
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


def digest_of(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _push_blob(ecr, repository, data):
    digest = digest_of(data)
    upload = ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    words = {"repositoryName": repository, "uploadId": upload}
    ecr.upload_layer_part(**words, partFirstByte=0, partLastByte=len(data) - 1, layerPartBlob=data)
    try:
        ecr.complete_layer_upload(**words, layerDigests=[digest])
    except ClientError as error:
        if error.response["Error"]["Code"] != "LayerAlreadyExistsException":
            raise
    return {"size": len(data), "digest": digest}
