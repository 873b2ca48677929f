"""A model that exists already: what `model` in sagemaker.yml names, in place of a training.

It is served as a model.tar.gz, which is made from a folder, or from a .mat file as its model.mat.
"""

from __future__ import annotations

import contextlib
import tarfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from matlab_sagemaker import digest
from matlab_sagemaker.errors import InputError, Place
from matlab_sagemaker.project import mat_file

MAT = "model.mat"  # what DefaultInferenceHandler reads
ARCHIVE = ".tar.gz"
VARIABLE = "model"


@dataclass(frozen=True)
class GivenModel:
    """A model in the repository, or in S3, which only AWS can read."""

    source: str  # as sagemaker.yml names it: a path, or an s3:// URI
    path: Path  # in the repository; meaningless for S3
    files: digest.Files = field(default_factory=dict)  # for a new archive, by their path in it
    archive: Path | None = None  # if there is one already

    @property
    def is_in_s3(self) -> bool:
        """Whether it is in S3."""
        return self.source.startswith("s3://")

    def content(self) -> tuple[bytes | Path, digest.FileDigest]:
        """Pack a model in the repository as a model.tar.gz: the same bytes for the same files.

        Raises InputError for a file that cannot be read, or is a Git LFS pointer.
        """
        if self.archive:
            return self.archive, digest.measure({"": self.archive})[""]
        _, bundle = digest.bundle(self.files)
        return bundle.data, bundle.measured

    def require_whole(self, *, with_mat: bool) -> None:
        """Raise InputError for a damaged archive, or for a missing model.mat if `with_mat` is set.

        A model in S3 is not checked here.
        """
        if self.is_in_s3:
            return
        names, flaw = _members(self.archive) if self.archive else self._files()
        if MAT not in names:
            flaw = f"has no {MAT}, only: {', '.join(sorted(names))}"
        if with_mat and flaw:
            raise InputError(
                f"The model {self.source} {flaw}.",
                why=f"load_model of DefaultInferenceHandler reads the variable {VARIABLE} of "
                f"{MAT}.",
                do=f"Save it there: save('{MAT}', '{VARIABLE}', '-v7'). Or write load_model in a "
                "handler of your own (inference.handler).",
                place=Place(str(self.path)),
            )

    def _files(self) -> tuple[set[str], str]:
        """List the names of the files, and say what is wrong with their model.mat."""
        names, flaw = set(self.files), ""
        if MAT in names:
            with contextlib.suppress(OSError), self.files[MAT].open("rb") as content:
                flaw = _flaw(content)
        return names, flaw


def of_path(source: str, root: Path, folders: dict[str, digest.Files]) -> GivenModel:
    """Describe the model that sagemaker.yml in `root` names; `folders` has the files of folders."""
    path = root / source
    if source.endswith(ARCHIVE):
        return GivenModel(source, path, archive=None if "://" in source else path)
    files = {MAT: path} if source.endswith(".mat") else folders[source]
    return GivenModel(source, path, files)


def is_folder(source: str) -> bool:
    """Tell from its name whether a source is a folder in the repository."""
    return "://" not in source and not source.endswith((ARCHIVE, ".mat"))


def wrong_file(root: Path, source: str) -> str:
    """Say what is wrong with a model that is a file in the repository; "" if nothing is."""
    file = root / source
    if not file.is_file():
        return "a folder" if file.is_dir() else "no such file"
    if not file.resolve().is_relative_to(root.resolve()):
        return "it leads out of the repository"
    if not source.endswith(".mat"):
        return ""
    try:
        names = mat_file.variables(file)
    except (OSError, ValueError) as error:
        return str(error)
    return "" if VARIABLE in names else f"it has {_without_model(names)}"


def _without_model(names: list[str]) -> str:
    return f"no variable {VARIABLE}, only: {', '.join(names)}" if names else "no variables"


def _flaw(content: IO[bytes]) -> str:
    """Say what is wrong with a model.mat; "" if nothing is, or only the engine can read it."""
    try:
        names = mat_file.names(content)
    except mat_file.EmptyError:
        return f"has an empty {MAT} (0 bytes)"
    except ValueError:
        return ""
    return "" if VARIABLE in names else f"has a {MAT} with {_without_model(names)}"


def _members(archive: Path) -> tuple[set[str], str]:
    """List the names in an archive, and say what is wrong with its model.mat.

    Raises InputError if the archive is damaged or unsafe to unpack.
    """
    names, flaw = set(), ""
    try:
        with tarfile.open(archive, "r:gz") as members:
            for member in members:
                name = str(PurePosixPath(member.name))
                names.add(name)
                if name == MAT and (content := members.extractfile(member)):
                    flaw = _flaw(content)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise _no_archive(archive, f"It cannot be unpacked: {error}.") from error
    if outside := sorted(name for name in names if name.startswith("/") or ".." in name.split("/")):
        raise _no_archive(archive, f"{outside[0]} would be outside the model's folder.")
    return names, flaw


def _no_archive(archive: Path, why: str) -> InputError:
    return InputError(
        f"{archive} is not a valid archive of a model.",
        why=why,
        do="Pack the content of the model's folder like this: tar -czf model.tar.gz -C folder .",
        place=Place(str(archive)),
    )
