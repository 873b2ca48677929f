"""Archives of the user's code: no member may be or lead outside the folder it is unpacked into.

Done by hand, since the filters of tarfile are missing in the Python 3.11.2 of Debian 12.
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path, PurePosixPath

from failure import JobError


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar, compressed or not, into `folder`.

    Raises JobError for what is not a tar, and for a member that is or leads outside `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                _unpack_member(tar, member, folder.resolve())
    # RuntimeError: links in a circle, as pathlib tells them before Python 3.13.
    except (tarfile.TarError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise _bad_archive(archive, f"it cannot be unpacked ({error})") from error


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    target = _target(member, folder)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
    elif member.isreg():
        _write(tar, member, target)
    elif member.issym():
        _link(member, target, folder)
    else:
        raise _bad_member(member, "is neither a file, a folder nor a symbolic link")


def _target(member: tarfile.TarInfo, folder: Path) -> Path:
    """Return where a member goes; links unpacked earlier are followed to see where that is."""
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\0" in member.name:
        raise _bad_member(member, "leads outside the code folder")
    target = folder / name
    # A folder is made through a link at its own name, a file replaces that link.
    landing = target if member.isdir() else target.parent
    if not landing.resolve().is_relative_to(folder):
        raise _bad_member(member, "leads outside the code folder through a link")
    return target


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    content = tar.extractfile(member)
    if content is None:
        raise _bad_member(member, "has no content")
    with content, target.open("xb") as file:
        shutil.copyfileobj(content, file)
    target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _link(member: tarfile.TarInfo, target: Path, folder: Path) -> None:
    aim = target.parent / member.linkname
    if PurePosixPath(member.linkname).is_absolute() or not aim.resolve().is_relative_to(folder):
        raise _bad_member(member, f"is a link to {member.linkname}, outside the code folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    target.symlink_to(member.linkname)


def _bad_member(member: tarfile.TarInfo, problem: str) -> JobError:
    return _bad_archive(Path("code.tar.gz"), f"its member {member.name!r} {problem}")


def _bad_archive(archive: Path, problem: str) -> JobError:
    return JobError(
        "sagemaker_training:bundle:archive",
        f"The code bundle {archive.name} is refused: {problem}.",
        "It must be a tar.gz of the content of one code folder, with nothing that leads out of it.",
        "Make the bundle again (the train action does) and start a new job.",
    )
