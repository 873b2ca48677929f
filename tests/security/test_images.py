"""Images that a pull request puts where a merge looks, or looked: a merge never trains on them.

An attack succeeds if the attacker may do everything, and fails with the template's roles and an
AWS that enforces IAM.
"""

import contextlib
import dataclasses
import json

import pytest
from botocore.exceptions import ClientError

from helpers.aws import own_images
from helpers.aws.fault_proxy import Recorder, proxy
from helpers.emulator.image_programs import RUN, TRAIN
from helpers.kit.verb_runs import SAVE, write_function
from matlab_sagemaker.aws import ecr
from matlab_sagemaker.errors import DeniedError
from matlab_sagemaker.images import folder
from matlab_sagemaker.project import build_context, content
from matlab_sagemaker.training import attempts, cards

pytestmark = pytest.mark.slow

RELEASE = ("--repository", "release")
BUILD = "build-training-image"
PREFIX = "matlab-sagemaker"


@pytest.fixture
def unbuilt(candidate):
    """A project whose training image does not exist, and which learns nothing."""
    candidate.edit("sagemaker.yml", "octave #", f"octave\n  base_image: {candidate.name} #")
    write_function(candidate, SAVE)
    return candidate


@pytest.fixture
def evil(unbuilt, tmp_path):
    """The image of the project's files with one changed, and the tag of the honest image."""
    context = content.load(unbuilt.root / "sagemaker.yml").training_image
    name = next(name for name in context.files if name.endswith("main.m"))
    changed = tmp_path / "main.m"
    changed.write_text(context.files[name].read_text(encoding="utf-8") + "\n% evil\n")
    built = folder.build(dataclasses.replace(context, files={**context.files, name: changed}))
    return built, context.tag


@pytest.fixture
def push(evil, kit_as):
    """Return a function that pushes the evil image with the honest tag and returns its digest."""

    def pushed(role, repository):
        image, tag = evil
        aws, manifest = kit_as(role), image.manifest.decode()
        ecr.push_blobs(aws, repository, (image.layer, image.config), manifest)
        return ecr.put(aws, repository, manifest, tag)

    return pushed


def merge(project):
    """Do what deploy.yml does until the model exists; return the digest of the job's image."""
    project.succeed(BUILD, *RELEASE)
    return image_of(project, project.succeed("train", *RELEASE).outputs["job-name"])


def image_of(project, job):
    sagemaker = project.account.client_of("train", "sagemaker")
    described = sagemaker.describe_training_job(TrainingJobName=job)
    return described["AlgorithmSpecification"]["TrainingImage"].partition("@")[2]


@pytest.mark.parametrize("role", ["image", "train"])
def test_another_image_under_a_release_tag_is_refused(unbuilt, push, role):
    with pytest.raises(DeniedError, match="InitiateLayerUpload"):
        push(role, build_context.RELEASE)
    assert merge(unbuilt)


def test_another_image_under_a_release_tag_would_be_trained_on(account, unbuilt, push):
    with account.allowed_everything("image"):
        digest = push("image", build_context.RELEASE)
    assert merge(unbuilt) == digest


@pytest.mark.parametrize("repository", ["candidate", "training", "inference"])
def test_what_lies_elsewhere_under_the_tag_is_not_read_by_a_merge(
    account, unbuilt, push, evil, kit_as, repository
):
    """Everybody may write to `candidate`; everybody could write to the two former repositories."""
    name = f"{PREFIX}/{repository}"
    if repository != "candidate":
        with contextlib.suppress(ClientError):
            account.client("ecr").create_repository(repositoryName=name)
    digest = push("image" if repository == "candidate" else None, name)
    recorder = Recorder()
    with proxy(unbuilt.url, recorder) as url:
        built = unbuilt.succeed(BUILD, *RELEASE, AWS_ENDPOINT_URL=url)
    assert built.outputs["changed"] == "true"
    assert not [e for e in recorder.exchanges if name.encode() in e.sent]
    assert merge(unbuilt) != digest
    found = ecr.find(kit_as(), (name, build_context.RELEASE), evil[1])
    assert found.endswith(digest), "a merge that looked there would train on it"


def test_a_model_that_a_candidate_has_trained_is_not_taken_over(unbuilt, push, tmp_path):
    """If candidates count, as for a pull request, `find` finds that model."""
    digest = push("image", build_context.CANDIDATE)
    tried = unbuilt.succeed("train", **event_of_pull_request(tmp_path))
    job = tried.outputs["job-name"]
    assert image_of(unbuilt, job) == digest
    assert "the merge builds it" in tried.summary
    assert unbuilt.job() == job

    found = unbuilt.succeed("train", "--find-only", *RELEASE).outputs
    assert (found["found"], found["job-name"]) == ("false", "")
    refused = unbuilt.run("deploy")
    assert refused.code == 3
    assert job in refused.annotations[0]
    assert merge(unbuilt) != digest
    refused = unbuilt.run("deploy")
    assert "There is no inference image" in refused.annotations[0]


def event_of_pull_request(folder_):
    event = folder_ / "event.json"
    head = {"sha": "c" * 40, "repo": {"full_name": "acme/flowers"}}
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}))
    return {"GITHUB_EVENT_PATH": str(event), "GITHUB_REPOSITORY": "acme/flowers"}


@pytest.mark.parametrize("operation", ["batch_get_image", "get_download_url_for_layer"])
def test_a_release_build_cannot_fetch_a_candidate_as_its_cache(account, push, evil, operation):
    """Layers of another image have to be fetched before they can be reused."""
    push("image", build_context.CANDIDATE)
    manifest = json.loads(evil[0].manifest)
    asked = {
        "batch_get_image": {"imageIds": [{"imageTag": evil[1]}]},
        "get_download_url_for_layer": {"layerDigest": manifest["layers"][0]["digest"]},
    }[operation]

    def fetch():
        words = {"repositoryName": build_context.CANDIDATE, **asked}
        return getattr(account.client_of("build", "ecr"), operation)(**words)

    with pytest.raises(ClientError, match="AccessDenied"):
        fetch()
    with account.allowed_everything("build"):
        assert fetch()


SAVES = """
print("resubstitution accuracy: 0.5", flush=True)
print("cross-validated accuracy: 0.9", flush=True)
(ml / "model/model.mat").write_text("x")
"""


@pytest.fixture
def train_on(account, candidate):
    """Return a function that makes the project train on an image that an administrator pushed."""

    def name(uri):
        candidate.edit("sagemaker.yml", "code: code\n", f"code: code\n  image: {uri}\n")

    return name


@pytest.fixture
def kits(candidate):
    """The URI of the kit's training image, by digest."""
    return candidate.succeed(BUILD, "--find-only").outputs["image"]


SEALS_NOTHING = {"own/run": RUN, "own/main.py": TRAIN.split("config =")[0] + SAVES}
ENTRY = {"Entrypoint": ["/own/run"]}


def another(ecr_, _kits, tag, **settings):
    """Push an image that does everything except seal."""
    words = {**ENTRY, **settings, "files": SEALS_NOTHING}
    return own_images.push(ecr_, build_context.RELEASE, tag, **words)


def with_the_label(ecr_, kits, tag):
    """Push it with the label of the kit's image."""
    labels = own_images.settings(ecr_, kits)["config"]["Labels"]
    return another(ecr_, kits, tag, Labels=labels)


def with_another_entry_point(ecr_, kits, tag):
    """Push an image that is built FROM the kit's but has another entry point."""
    words = {**ENTRY, "files": SEALS_NOTHING}
    return own_images.derive(ecr_, kits, build_context.RELEASE, tag, **words)


@pytest.mark.parametrize("push_own", [another, with_the_label, with_another_entry_point])
def test_a_card_that_another_seals_for_an_image_that_seals_nothing_is_not_believed(
    account, candidate, kit_as, train_on, kits, push_own
):
    """The job has Completed as requested, and nobody has written its card."""
    train_on(push_own(account.client("ecr"), kits, candidate.name))
    job = candidate.succeed("train", *RELEASE).outputs["job-name"]
    place = candidate.seal(job, IfNoneMatch="*")
    refused = candidate.run("deploy")
    assert refused.code == 2
    assert "Cannot deploy a model that training.image has trained" in refused.annotations[0]

    aws = kit_as("deploy")
    wanted = candidate.wanted(aws)
    found = attempts.find(aws, wanted).trained
    believed = cards.sealed(aws, wanted.job.seal, found)
    assert believed.is_sealed
    assert believed.model_data == f"s3://{place['Bucket']}/{place['Key']}"


def test_a_derived_image_seals_by_itself_and_fails_of_anothers_card(
    account, merged, candidate, train_on, kits
):
    assert merged  # the serving image exists
    tag, release = candidate.name, build_context.RELEASE
    train_on(own_images.derive(account.client("ecr"), kits, release, tag, "TOOL=x"))
    placed = []

    def place(exchange):
        if exchange.what.endswith(".CreateTrainingJob"):
            placed.append(json.loads(exchange.sent.rpartition(b"\n")[2])["TrainingJobName"])
            candidate.seal(placed[0], IfNoneMatch="*")
        return exchange

    with proxy(candidate.url, Recorder(place)) as url:
        result = candidate.run("train", *RELEASE, AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert f"{placed[0]}/card.json could not be written" in result.annotations[0]
    assert candidate.run("deploy").code == 3
    job = candidate.succeed("train", *RELEASE).outputs["job-name"]
    assert candidate.succeed("deploy").outputs["training-job"] == job
    assert candidate.answers() == {candidate.model_of(job)}
