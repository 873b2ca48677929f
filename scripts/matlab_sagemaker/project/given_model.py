"""A model that exists already: what `model` in sagemaker.yml names, in place of a training.

It becomes a model.tar.gz: a .mat file as its model.mat, a folder as it is; a .tar.gz is one.
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
    """A model of the repository, or of S3, which only AWS can read."""

    source: str  # as sagemaker.yml names it: a path, or an s3:// URI
    path: Path  # of that in the repository; without a meaning in S3
    files: digest.Files = field(default_factory=dict)  # by their paths in the archive to be made
    archive: Path | None = None  # that is there

    @property
    def is_in_s3(self) -> bool:
        """Whether it lies in S3."""
        return self.source.startswith("s3://")

    def content(self) -> tuple[bytes | Path, digest.Measured]:
        """Return the model.tar.gz of a model of the repository: the same bytes for the same files.

        Raises InputError for a file that cannot be read, or is a pointer to one in Git LFS.
        """
        if self.archive:
            return self.archive, digest.measure({"": self.archive})[""]
        _, bundle = digest.bundle(self.files)
        return bundle.data, bundle.measured

    def require_whole(self, *, with_mat: bool) -> None:
        """Raise InputError for an archive that cannot be unpacked, or lacks a model.mat it needs.

        What lies in S3 only the endpoint can tell.
        """
        if self.is_in_s3:
            return
        names, flaw = _members(self.archive) if self.archive else self._files()
        if MAT not in names:
            flaw = f"holds no {MAT}, only: {', '.join(sorted(names))}"
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
        """Return the names of the files, and what is wrong with the model.mat among them."""
        names, flaw = set(self.files), ""
        if MAT in names:
            with contextlib.suppress(OSError), self.files[MAT].open("rb") as content:
                flaw = _flaw(content)
        return names, flaw


def of_path(source: str, root: Path, folders: dict[str, digest.Files]) -> GivenModel:
    """Return the model that sagemaker.yml in the folder `root` names; `folders` has its folders."""
    path = root / source
    if source.endswith(ARCHIVE):
        return GivenModel(source, path, archive=None if "://" in source else path)
    files = {MAT: path} if source.endswith(".mat") else folders[source]
    return GivenModel(source, path, files)


def is_folder(source: str) -> bool:
    """Tell by its name whether it is a folder of the repository."""
    return "://" not in source and not source.endswith((ARCHIVE, ".mat"))


def wrong_file(root: Path, source: str) -> str:
    """Return what is wrong with a model that is a file of the repository; nothing: it is fine."""
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
    """Return what is wrong with a model.mat; nothing also where only the engine can read it."""
    try:
        names = mat_file.names(content)
    except mat_file.EmptyError:
        return f"has an empty {MAT} (0 bytes)"
    except ValueError:
        return ""
    return "" if VARIABLE in names else f"has a {MAT} with {_without_model(names)}"


def _members(archive: Path) -> tuple[set[str], str]:
    """Return the names in an archive of the repository, and what is wrong with its model.mat.

    Raises InputError where it is no archive.
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
        raise _no_archive(archive, f"{outside[0]} would lie outside of the model's folder.")
    return names, flaw


def _no_archive(archive: Path, why: str) -> InputError:
    return InputError(
        f"{archive} is no archive of a model.",
        why=why,
        do="Pack the content of the model's folder: tar -czf model.tar.gz -C folder .",
        place=Place(str(archive)),
    )
