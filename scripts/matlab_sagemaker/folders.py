"""Whether the folders and files that sagemaker.yml names are there; it only reads the disk.

It looks at the raw values, so that a missing folder is reported beside whatever else is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest
from matlab_sagemaker.problems import Problem, did_you_mean, wrong

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.yamlfile import Location


def problems(value: Any, root: Path) -> list[Problem]:
    """Return what is missing of all that the raw sagemaker.yml `value` names below `root`."""
    training, inference = _mapping(value, "training"), _mapping(value, "inference")
    found = _code_problems(root, "training", training, "function")
    for name, source in _mapping(training, "channels").items():
        if isinstance(source, str) and "://" not in source:
            found += _folder_problems(root, ("training", "channels", str(name)), source)
    return found + _code_problems(root, "inference", inference, "handler")


def _code_problems(root: Path, section: str, values: dict[str, Any], key: str) -> list[Problem]:
    """Check a section's code folder, and in it the file of the function or class named by `key`."""
    folder, name = values.get("code"), values.get(key)
    if not isinstance(folder, str):
        return []
    found = _folder_problems(root, (section, "code"), folder)
    if found or not isinstance(name, str):
        return found
    present = list(digest.folder_files(root / folder))
    *packages, last = name.split(".")
    wanted = "/".join([*(f"+{package}" for package in packages), f"{last}.m"])
    if wanted in present:
        return []
    names = [file[:-2] for file in present if file.endswith(".m") and "/" not in file]
    file, hint = f"{folder}/{wanted}", did_you_mean(name, names)
    return [
        wrong(
            (section, key), f"'{name}', but there is no {file}", f"the name of a file there{hint}"
        )
    ]


def _folder_problems(root: Path, location: Location, path: str) -> list[Problem]:
    allowed = "a folder of the repository with files in it, relative to sagemaker.yml"
    folder = root / path
    if not folder.is_dir():
        state = "a file" if folder.exists() else "no such folder"
    elif stranger := _outside(folder, root):
        state = f"{stranger} leads out of the repository"
    elif not digest.folder_files(folder):
        state = "an empty folder, as a Git submodule is in a workflow without `submodules: true`"
    else:
        return []
    return [wrong(location, f"'{path}' ({state})", allowed)]


def _outside(folder: Path, root: Path) -> str:
    """Return the first link, the folder or one below it, that leads out of `root`; or nothing."""
    for path in (folder, *digest.folder_files(folder).values()):
        if not path.resolve().is_relative_to(root.resolve()):
            return str(path.relative_to(root))
    return ""


def _mapping(value: Any, key: str) -> dict[str, Any]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}
