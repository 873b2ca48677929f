"""Odd files and folders: each is accepted, or refused with a message and its line. None crashes.

This process reads them as every verb does before its first request. ODD sets the number of fuzzed
files; the number of each is its seed.
"""

import itertools
import os
import random
import re
import shutil
import socket
import time
from pathlib import Path

import pytest

from helpers.kit.verb_runs import EXAMPLE, HANDLER
from matlab_sagemaker.aws.s3 import ChannelContent
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content
from matlab_sagemaker.training import job

COUNT = int(os.environ.get("ODD", "1000"))
LONGEST_S = 5
WHOLE = (EXAMPLE / "sagemaker.yml").read_text() + (
    "aws:\n  region: eu-west-1\n  bucket: a-bucket\n  training_role: a-role\n"
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The example's repository, for tests that change only sagemaker.yml."""
    return shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("odd") / "repository")


@pytest.fixture
def root(tmp_path):
    """The test's own repository."""
    return shutil.copytree(EXAMPLE, tmp_path / "repository")


def refusal(root):
    """Return why a repository is refused, or nothing if it is accepted."""
    began, said = time.process_time(), ""
    try:
        project = content.load(root / "sagemaker.yml")
        listed = {name: ChannelContent([["k", 1, "e"]], 0.0) for name in project.s3_channels}
        job.describe(project, "bucket", "arn:aws:iam::123456789012:role/r", listed)
        if project.settings.inference:
            assert project.inference_image.key
            assert project.reads_model_mat in (True, False)
    except InputError as error:
        said = str(error)
    assert said.replace("\n", "").isprintable(), said
    assert time.process_time() - began < LONGEST_S
    return said


VALUES = (
    "", "~", "null", "true", "no", "0", "-1", "1e999", ".nan", "0x" + 5000 * "f", 5000 * "9",
    "!!bool maybe", '!!float ""', "!!int x", "!!timestamp 2026-99-99", "!!binary '%'", "!!set {a}",
    "!!omap [a]", "!!python/name:os.system ''", "!<x> y", "! ''", "&a [*a]", "*b", "&b {c: *b}",
    "[]", "{}", "[[[[[[]]]]]]", 300 * "[", 5000 * "{", "|", ">", "|\n   a\n  b", "? a", "- a",
    "a: b", "'", '"', '"\\ud800"', '"\\0"', '"\\e[31m"', "\x1b[31m", "\0", "\u202e", "\ufeff",
    "\u2028", "@", "`", "%", "/", "/etc", "..", "../..", ".", "code/../..", "a\\b", "~/x",
    300 * "x", "s3://", "s3://b", "s3://192.168.1.1/x", "s3://bucket/\u00e9", "https://x", "file:///etc",
    "xn--x", "x-s3alias", "192.168.1.1", "ml.m5.huge", "ml.x.y", "2026-01-01", "1:30", "<<: *a",
    2000 * "ab ", "(.*", "[[:digit:]]", "(a{99999999999})", "\u0130", "\U0001f600",
)  # fmt: skip


def fuzzed(number):
    """Return a sagemaker.yml, as bytes, with up to four changes."""
    chance = random.Random(number)
    data = WHOLE.encode()
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(CHANGES)(chance, data)
    return data


def value(chance, data):
    """Replace a value."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    name, colon, _ = lines[at].partition(b":")
    lines[at] = name + colon + b" " + chance.choice(VALUES).encode()
    return b"\n".join(lines)


def name(chance, data):
    """Replace a key."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    _, colon, rest = lines[at].partition(b":")
    lines[at] = b"  " * chance.randrange(3) + chance.choice(VALUES).encode() + colon + rest
    return b"\n".join(lines)


def lines(chance, data):
    """Drop, duplicate or move lines."""
    found = data.split(b"\n")
    first, last = sorted(chance.choices(range(len(found) + 1), k=2))
    change = chance.randrange(3)
    if change == 0:
        del found[first:last]
    elif change == 1:
        found[first:first] = found[first:last] * chance.choice((1, 3, 100))
    else:
        chance.shuffle(found)
    return b"\n".join(found)


def indentation(chance, data):
    """Indent a line more or less."""
    found = data.split(b"\n")
    at = chance.randrange(len(found))
    found[at] = chance.choice((b"", b" ", b"\t", b"    ", b"- ")) + found[at].lstrip()
    return b"\n".join(found)


def noise(chance, data):
    """Change some bytes."""
    changed = bytearray(data or b"x")
    for _ in range(chance.randint(1, 5)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def encoding(chance, data):
    """Save it in another encoding or with other line ends."""
    change = chance.randrange(4)
    if change == 0:
        return b"\xef\xbb\xbf" + data
    if change == 1:
        return data.replace(b"\n", b"\r\n")
    text = data.decode(errors="replace")
    return text.encode("utf-16" if change == 2 else "latin-1", errors="replace")


def cut(chance, data):
    """Truncate it."""
    return data[: chance.randrange(len(data) + 1)]


CHANGES = (value, value, value, name, lines, indentation, noise, encoding, cut)


def test_a_fuzzed_file_is_accepted_or_refused_with_its_line(shared):
    accepted = 0
    for number in range(COUNT):
        data = fuzzed(number)
        (shared / "sagemaker.yml").write_bytes(data)
        try:
            said = refusal(shared)
        except BaseException:
            print(f"number {number}: {data[:2000]!r}")
            raise
        accepted += not said
        assert not said or re.search(r"sagemaker\.yml(:\d+: | has more than)", said), (number, said)
    assert 0 < accepted < COUNT


def write(file, data="x"):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data) if isinstance(data, bytes) else file.write_text(data)


def link(file, target):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.symlink_to(target)


def named(text):
    """Return a function that adds a file of this name to the data."""
    data = text if isinstance(text, bytes) else text.encode()
    return lambda root: write(root / "data/training" / os.fsdecode(data))


def linked(place, target):
    return lambda root: link(root / place, target)


def saved(change):
    """Return a function that changes the text of sagemaker.yml."""

    def save(root):
        file = root / "sagemaker.yml"
        file.write_bytes(change(file.read_bytes()))

    return save


def replaced(old, new):
    return saved(lambda data: data.replace(old.encode(), new.encode()))


def instead(make):
    """Return a function that replaces sagemaker.yml."""

    def put(root):
        (root / "sagemaker.yml").rename(root / "kept.yml")
        make(root / "sagemaker.yml")

    return put


def explosive(root):
    for here, there in itertools.product(range(12), repeat=2):
        link(root / f"data/training/{here}/{there}", f"../{there}")


def knot(root):
    for here in range(3):
        write(root / f"code/{here}/a.m")
        for there in range(3):
            link(root / f"code/{here}/to{there}", f"../{there}")


def deep(count, name):
    return lambda root: write(root / "data/training" / Path(*count * [name]) / "a.csv")


def chain(root):
    for number in range(60):
        link(root / f"data/training/{number}", str(number + 1))
    write(root / "data/training/60")


def empty(root):
    shutil.rmtree(root / "data/training")
    (root / "data/training/a/b/c").mkdir(parents=True)


def left_overs(root):
    shutil.rmtree(root / "data/training")
    for name in (".git/x", ".DS_Store", "a.asv", "b.m~", "slprj/x"):
        write(root / "data/training" / name)


def pipe(root):
    os.mkfifo(root / "data/training/pipe")


def listening(root):
    with socket.socket(socket.AF_UNIX) as opened:
        here = Path.cwd()
        os.chdir(root / "data/training")  # a socket's path is short
        opened.bind("socket")
        os.chdir(here)


def many(root):
    for number in range(1000):
        (root / f"data/training/{number}.csv").touch()


def channels(root):
    """Add as many channels as allowed, all of one folder."""
    more = "".join(f"    c{number}: data/training\n" for number in range(18))
    replaced("  channels:\n", f"  channels:\n{more}")(root)


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
FINE = ""  # it is accepted
REPOSITORIES = {
    # names
    "newline": (named("a\nb.csv"), "contains a control character"),
    "escape": (named("a\x1b[31m.csv"), "contains a control character"),
    "spaces": (named("  a  b .csv"), FINE),
    "dash": (named("-rf"), FINE),
    "quotes": (named("'\"`$(x).csv"), FINE),
    "percent": (named("%2e%2e%2f.csv"), FINE),
    "backslash": (named("..\\a.csv"), FINE),
    "emoji": (named("\U0001f600.csv"), FINE),
    "direction": (named("a\u202eb.csv"), FINE),
    "both forms": (lambda root: (named("\u00e9.csv")(root), named("e\u0301.csv")(root)), FINE),
    "longest": (named("x" * 255), FINE),
    "device": (named("NUL"), FINE),
    "dots": (named("..."), FINE),
    "not utf-8": (named(b"caf\xe9.csv"), "is not UTF-8"),
    "folder not utf-8": (named(b"caf\xe9/a.csv"), "is not UTF-8"),
    "nothing but bytes": (named(b"\xff\xfe"), "is not UTF-8"),
    # links
    "absolute link": (linked("data/training/a", "/etc"), "leads out of the repository"),
    "root": (linked("code/a", "/"), "leads out of the repository"),
    "out": (linked("code/a", "../../.."), "leads out of the repository"),
    "out by a file": (linked("inference/a.m", "/etc/passwd"), "leads out of the repository"),
    "processes": (linked("data/training/a", "/proc/self"), "leads out of the repository"),
    "zeros": (linked("data/training/a", "/dev/zero"), "leads out of the repository"),
    "nowhere": (linked("data/training/a", "nowhere"), "is a broken link"),
    "nowhere outside": (linked("data/training/a", "/nowhere"), "leads out of the repository"),
    "itself": (linked("data/training/a", "a"), "cannot be read: Too many levels"),
    "its folder": (linked("data/training/a", "."), FINE),
    "the repository": (linked("code/a", "../"), FINE),
    "up and down": (linked("code/a", "../data/../data"), FINE),
    "knot": (knot, FINE),
    "explosive": (explosive, "Links make more than"),
    "chain": (chain, "cannot be read: Too many levels"),
    "through a file": (linked("code/a", "trainClassificationTree.m/x"), "Not a directory"),
    # folders
    "empty": (empty, "an empty folder"),
    "left-overs": (left_overs, "an empty folder"),
    "gone": (lambda root: shutil.rmtree(root / "code"), "no such folder"),
    "data in data": (deep(200, "d"), FINE),
    "too deep for S3": (deep(300, "data"), "is too long for S3"),
    "pipe": (pipe, "is neither a file nor a folder"),
    "socket": (listening, "is neither a file nor a folder"),
    "many files": (many, FINE),
    "nested": (lambda root: shutil.copytree(EXAMPLE, root / "code/inner"), FINE),
    # files
    "empty data": (lambda root: write(root / "data/training/a.csv", ""), FINE),
    "pointer": (lambda root: write(root / "data/training/a.csv", POINTER), "Git LFS"),
    "pointer in code": (lambda root: write(root / "code/a.m", POINTER), "Git LFS"),
    "binary handler": (lambda root: write(root / HANDLER, bytes(range(256)) * 99), FINE),
    "endless line": (lambda root: write(root / HANDLER, "classdef " + 10**6 * " "), FINE),
    "no function": (
        lambda root: (root / "code/trainClassificationTree.m").unlink(),
        "an empty folder",
    ),
    "another function": (
        lambda root: (root / "code/trainClassificationTree.m").rename(root / "code/Train.m"),
        r"training\.function",
    ),
    "folder named as a file": (lambda root: write(root / "code/x.m/a.m"), FINE),
    # sagemaker.yml
    "no file": (instead(lambda _: None), "There is no file"),
    "folder": (instead(Path.mkdir), "is not a file"),
    "waits": (instead(os.mkfifo), "is not a file"),
    "endless": (instead(lambda path: path.symlink_to("/dev/zero")), "is not a file"),
    "to itself": (instead(lambda path: path.symlink_to(path)), "cannot be read: Too many"),
    "to its file": (instead(lambda path: path.symlink_to("kept.yml")), FINE),
    "no text": (instead(Path.touch), r"sagemaker\.yml:1: "),
    "byte order mark": (saved(lambda data: b"\xef\xbb\xbf" + data), FINE),
    "utf-16": (saved(lambda data: data.decode().encode("utf-16")), r":1: this is not UTF-8"),
    "windows": (saved(lambda data: data.replace(b"\n", b"\r\n")), FINE),
    "old mac": (saved(lambda data: data.replace(b"\n", b"\r")), FINE),
    "large": (saved(lambda data: data + b"# x\n" * 10**6), "has more than"),
    "two documents": (saved(lambda data: data + b"---\n" + data), r"sagemaker\.yml:\d+: "),
    "slashes": (replaced("data/training", "./data//training/"), FINE),
    "up": (replaced("code: inference", "code: code/../inference"), r"inference\.code"),
    "absolute": (replaced("data/training", "/etc"), "training.channels.training"),
    "the whole system": (replaced("data/training", "/"), "training.channels.training"),
    "home": (replaced("data/training", "~"), "training.channels.training"),
    "too long": (replaced("data/training", 300 * "x"), "File name too long"),
    "much too long": (replaced("data/training", 999 * "x/"), "training.channels.training"),
    "the repository as data": (replaced("data/training", "."), FINE),
    "channels": (channels, FINE),
}  # fmt: skip


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_an_odd_repository_is_accepted_or_refused_with_words(root, kind):
    make, expected = REPOSITORIES[kind]
    make(root)
    said = refusal(root)
    assert re.search(expected, said) if expected else not said, said
