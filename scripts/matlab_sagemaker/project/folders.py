"""Find the folders and files that sagemaker.yml names, and check them. Reads the disk.

Each folder is walked once. The check uses the raw values, so that a missing folder is reported
together with everything else that is wrong.
"""

from __future__ import annotations

import difflib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import file_list
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import given_model
from matlab_sagemaker.project.problems import Problem, did_you_mean, dotted, wrong

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.project.yaml12 import Location


# The kit's own handlers, for which sagemaker.yml needs no code.
KITS_HANDLERS = (
    "sagemaker_inference.DefaultInferenceHandler",
    "sagemaker_inference.TableModelHandler",
)


_FOLDER = "a folder of the repository with files in it, relative to sagemaker.yml"


class Folders:
    """The folders at `paths` beside `config`, the sagemaker.yml, and the files of each.

    If one is the folder of sagemaker.yml itself, that file and .github are not among its files: a
    change of them trains nothing.
    """

    def __init__(self, config: Path, paths: Iterable[str], wrong: Container[Location]) -> None:
        self.root = root = config.parent
        self._wrong = wrong
        # For each section with code: the files of all its folders, by their path in the folder.
        self.code: dict[str, Files] = {"training": {}, "inference": {}}
        self.hidden: list[str] = []  # functions that hide others of the same name, as messages
        found = file_list.folders(root, paths)
        self.files = {
            path: files if PurePosixPath(path).parts else _without(config.name, files)
            for path, files in found.items()
            if isinstance(files, dict)
        }
        self._unfit = {  # why a folder's files could not be listed
            path: _state(root / path, why)
            for path, why in found.items()
            if isinstance(why, InputError)
        }

    @classmethod
    def check(
        cls, config: Path, value: Any, wrong: Container[Location]
    ) -> tuple[Folders, list[Problem]]:
        """Find the folders that the raw sagemaker.yml `value` names, and what is wrong with them.

        Locations in `wrong` are skipped, because an invalid path may lead anywhere.
        """
        training, inference = _mapping(value, "training"), _mapping(value, "inference")
        named: dict[Location, Any] = {}
        for section, values in (("training", training), ("inference", inference)):
            named |= dict(_code_folders(section, values))
        for name, source in _mapping(training, "channels").items():
            if not str(source).startswith("s3://"):
                named["training", "channels", name] = source
        model = value.get("model") if isinstance(value, dict) else None
        if isinstance(model, str) and given_model.is_folder(model):
            named["model",] = model
        fit = {
            path
            for location, path in named.items()
            if isinstance(path, str) and not any(location[:end] in wrong for end in (1, 2, 3))
        }
        folders = cls(config, fit, wrong)
        found = folders.problems(value)
        if isinstance(model, str) and ("model",) not in wrong:
            found += folders.model_problems(model)
        return folders, found

    def problems(self, value: Any) -> list[Problem]:
        """List the missing files and folders of the raw sagemaker.yml `value`."""
        training, inference = _mapping(value, "training"), _mapping(value, "inference")
        found = self._code_problems("training", training, "function")
        for name, source in _mapping(training, "channels").items():
            if isinstance(source, str) and "://" not in source:
                found += self._folder_problems(("training", "channels", str(name)), source)
        found += self._code_problems("inference", inference, "handler")
        return found + self._sample_problems(inference)

    def model_problems(self, source: str) -> list[Problem]:
        """Check the model that the key `model` names."""
        location = ("model",)
        allowed = "a .mat file with the variable model, a folder or a .tar.gz of the repository"
        if given_model.is_folder(source):
            return self._folder_problems(location, source, allowed)
        found = "" if "://" in source else given_model.wrong_file(self.root, source)
        return [wrong(location, f"'{source}' ({found})", allowed)] if found else []

    def _code_problems(self, section: str, values: dict[str, Any], key: str) -> list[Problem]:
        """Merge the folders of a section's code; check them, and the file of what `key` names."""
        name, code = values.get(key), dict(_code_folders(section, values))
        is_kits = section == "inference" and name in KITS_HANDLERS
        if values.get("code") is None and name is not None and not is_kits:
            return [_no_code(section, str(name))]
        found = list(_repeated(code))
        found += [p for at, path in code.items() for p in self._folder_problems(at, path)]
        if found or not all(path in self.files for path in code.values()):
            return found
        merged: Files = {}
        for at, path in code.items():
            if both := sorted(merged.keys() & self.files[path].keys()):
                twice = ", ".join(f"{merged[n]} and {self.files[path][n]}" for n in both[:_SHOWN])
                where = "job" if section == "training" else "endpoint"
                why = f"{twice} have the same path in the {where}: rename or remove one"
                found.append(Problem(at, f"{dotted(at)}: {why}"))
            merged |= self.files[path]
        self.code[section] = merged
        self.hidden += [text for text in _hidden(merged) if text not in self.hidden]
        if not code or is_kits or not isinstance(name, str):
            return found
        if (wanted := file_of(name)) in merged:
            return found
        names = [file[:-2] for file in merged if file.endswith(".m") and "/" not in file]
        hint = self._in_subfolder(values["code"], merged, wanted) or did_you_mean(name, names)
        missing = f"'{name}', but there is no {' or '.join(f'{f}/{wanted}' for f in code.values())}"
        return [*found, wrong((section, key), missing, f"the name of a file in that folder{hint}")]

    def _in_subfolder(self, listed: Any, code: Files, wanted: str) -> str:
        """Name the sub-folder that has the file `wanted`, as the end of a sentence."""
        for name, file in code.items():
            *inner, last = name.split("/")
            if last == wanted and not any(map(OFF_PATH.match, inner)):
                folder = file.parent.relative_to(self.root).as_posix()
                outer = file.parents[len(inner)].relative_to(self.root).as_posix()
                several = isinstance(listed, list) and len(listed) > 1
                cure = f"list {folder} instead of {outer}" if several else f"write code: {folder}"
                return f"; it is in {folder}: {cure}"
        return ""

    def _sample_problems(self, inference: dict[str, Any]) -> list[Problem]:
        """Check the files of a request and of its answer, which needs the request.

        Invalid paths are skipped: they may lead anywhere.
        """
        found = []
        for key in ("request", "expected"):
            location, name = ("inference", key), inference.get(key)
            if location in self._wrong or not isinstance(name, str):
                continue
            if state := _unfit_file(self.root, name):
                allowed = "a file of the repository, relative to sagemaker.yml"
                found.append(wrong(location, f"'{name}' ({state})", allowed))
        if inference.get("expected") is not None and inference.get("request") is None:
            found.append(Problem(("inference", "expected"), _NO_REQUEST))
        return found

    def _folder_problems(
        self, location: Location, path: str, allowed: str = _FOLDER
    ) -> list[Problem]:
        if path in self._unfit:
            state = self._unfit[path]
        elif path in self.files and not self.files[path]:
            state = "an empty folder; a Git submodule needs `submodules: true` in the workflow"
        else:
            return []
        return [wrong(location, f"'{path}' ({state})", allowed)]


def _no_code(section: str, name: str) -> Problem:
    """Describe missing code, or a name of one of the kit's handlers that is written differently."""
    kits = {handler.rpartition(".")[2]: handler for handler in KITS_HANDLERS}
    near = difflib.get_close_matches(name.rpartition(".")[2], kits, 1, cutoff=0.85)
    if section != "inference" or not near:
        return Problem((section, "code"), f"{section}.code is missing; it is required")
    hint = f"did you mean {kits[near[0]]}? A handler of your own needs inference.code"
    return Problem((section, "handler"), f"inference.handler: found '{name}'; {hint}")


def _without(config: str, files: Files) -> Files:
    """Leave out the configuration and the workflows of the files in their repository."""
    return {n: file for n, file in files.items() if n != config and not n.startswith(".github/")}


def _state(folder: Path, error: InputError) -> str:
    """Say why a folder's files cannot be listed."""
    if isinstance(error.__cause__, NotADirectoryError) and folder.is_file():
        return "a file"
    if isinstance(error.__cause__, FileNotFoundError) and not folder.is_dir():
        return "no such folder"
    return error.what.rstrip(".")


def _code_folders(section: str, values: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    """Yield the folders of a section's code by location, skipping values that are not text."""
    code = values.get("code")
    if isinstance(code, str):
        yield (section, "code"), code
    elif isinstance(code, list):
        for number, path in enumerate(code):
            if isinstance(path, str):
                yield (section, "code", number), path


def _repeated(code: dict[Location, str]) -> Iterator[Problem]:
    """Yield a problem for each folder that is listed twice or is inside another one."""
    before: list[PurePosixPath] = []
    listed = [PurePosixPath(path) for path in code.values()]
    for at, folder in zip(code, listed, strict=True):
        outer = next((o for o in listed if o != folder and _reaches(o, folder)), None)
        if folder in before:
            yield Problem(at, f"{dotted(at)}: {folder} is listed twice; remove one")
        elif outer:
            inside = f"{folder} is inside {outer} and is on the path already: remove it"
            yield Problem(at, f"{dotted(at)}: {inside}")
        before.append(folder)


def _reaches(outer: PurePosixPath, folder: PurePosixPath) -> bool:
    """Whether the path with `outer` and the folders inside it has `folder`."""
    if not folder.is_relative_to(outer):
        return False
    return not any(map(OFF_PATH.match, folder.relative_to(outer).parts))


def _hidden(code: Files) -> Iterator[str]:
    """Yield a message for each function that hides another: MATLAB calls the first on its path.

    The path is that of genpath: the code's folder, then the folders inside it by name, depth first,
    without those of packages, classes, private functions and resources.
    Source: https://www.mathworks.com/help/matlab/ref/genpath.html
    """
    first: dict[str, str] = {}
    for name in sorted(code, key=lambda name: name.split("/")[:-1]):
        *folders, file = name.split("/")
        if file.endswith(".m") and file != "Contents.m" and not any(map(OFF_PATH.match, folders)):
            if file in first:
                yield f"{code[first[file]]} hides {code[name]}: only the first one is called."
            first.setdefault(file, name)


_NO_REQUEST = "inference.expected needs inference.request, the request that it answers; add it"
OFF_PATH = re.compile(r"[+@.]|private$|resources$")
_SHOWN = 3  # how many files that are in two folders a message lists


def _unfit_file(root: Path, name: str) -> str:
    """Say what is wrong with a file, which must exist and not be empty; "" if nothing is."""
    file = root / name
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            return "it leads out of the repository"
        if not file.is_file():
            return "a folder" if file.is_dir() else "no such file"
        return "" if file.stat().st_size else "an empty file"
    except OSError as error:
        return f"{error.strerror}"


def file_of(name: str) -> str:
    """Return the path of a function's or class's file, with packages: +p/f.m for p.f."""
    *packages, last = name.split(".")
    return "/".join([*(f"+{package}" for package in packages), f"{last}.m"])


def _mapping(value: Any, key: str) -> dict[str, Any]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}
