"""What people read outside of the pages: comments, docstrings, messages, descriptions."""

import re

from helpers.kit.paths import KIT

FOLDERS = (".ci", ".github", "action", "docker", "examples", "matlab", "scripts", "tests")
FILES = ("Makefile", "buildfile.m", "pyproject.toml", ".pre-commit-config.yaml")
KINDS = {"", ".m", ".matlab_base", ".md", ".microservice", ".py", ".sh", ".yaml", ".yml"}
TEXTS = re.compile(
    r'"""(?:[^\\]|\\.)*?"""' + r"|'''(?:[^\\]|\\.)*?'''"
    r'|"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'" + r"|#[^\n]*|\n",
    re.DOTALL,
)


def texts():
    """Yield path and text of each file; of a Python file only its comments and strings."""
    found = (file for folder in FOLDERS for file in (KIT / folder).rglob("*"))
    for file in sorted([KIT / name for name in FILES] + [f for f in found if f.is_file()]):
        if file.suffix in KINDS or file.name in FILES:
            text = file.read_text(encoding="utf-8")
            yield file.relative_to(KIT).as_posix(), prose(text) if file.suffix == ".py" else text


def prose(code):
    """Return a module's comments, and its strings with a space, at their lines."""
    parts = (part[0] for part in TEXTS.finditer(code))
    kept = (part if part[0] in "#\n" or " " in part else "\n" * part.count("\n") for part in parts)
    return re.sub(r"{[^{}\n]*}", "", "".join(kept))
