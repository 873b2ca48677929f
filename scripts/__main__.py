"""The verbs: `python scripts VERB …` runs scripts/VERB.py; without a verb, it lists them."""

import os
import sys

CANCELLED = "The run was cancelled. Run it again to continue."
try:
    import ast
    import contextlib
    import difflib
    import errno
    import io
    import runpy
    import signal
    import subprocess
    from pathlib import Path
    from types import FrameType
    from typing import NoReturn
except KeyboardInterrupt:
    os.write(2, f"error: {CANCELLED}\n".encode())
    os._exit(130)

SCRIPTS = Path(__file__).parent
sys.path.append(str(SCRIPTS.parent / "docker/common"))  # code that library and images share
NOT_VERBS = {"__main__", "bootstrap", "matlab_sagemaker"}
HELP = {"-h", "--help"}
USAGE = """usage: scripts/run VERB [options]
       python scripts VERB [options]     (the same, also on Windows)
       scripts/run VERB --help           (a verb's options, with examples)
"""


def verbs() -> dict[str, Path]:
    """Map each verb to its file."""
    files = [*SCRIPTS.glob("*.py"), *SCRIPTS.glob("*/__init__.py")]
    modules = {(file.parent if file.name == "__init__.py" else file).stem: file for file in files}
    return {
        name.replace("_", "-"): modules[name] for name in sorted(modules) if name not in NOT_VERBS
    }


def main() -> None:
    """Run the verb named on the command line."""
    known = verbs()
    verb = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if verb in known:
        require_environment()
        declared = (SCRIPTS.parent / f"action/{verb}/action.yml", SCRIPTS / f"{verb}.yml")
        if HELP & set(sys.argv[2:]) and any(file.is_file() for file in declared):
            _show_usage(verb)
            return
        sys.argv = [f"scripts/run {verb}", *sys.argv[2:]]
        runpy.run_module(verb.replace("-", "_"), run_name="__main__", alter_sys=True)
        return
    listing = "\n".join(f"  {name:22}{_first_line(file)}" for name, file in known.items())
    if verb in HELP:
        sys.stdout.write(f"{USAGE}\n{listing}\n")
        return
    nearest = difflib.get_close_matches(verb, known, 1)
    hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
    sys.stderr.write(f"error: there is no verb '{verb}'.{hint}\n\n{listing}\n")
    sys.exit(2)


def _show_usage(verb: str) -> None:
    """Show a verb's options from its declaration, without importing the verb itself."""
    from matlab_sagemaker.github.run import Run  # noqa: PLC0415 (only --help needs it)

    sys.stdout.write(Run(verb, os.environ, []).usage())


def _first_line(file: Path) -> str:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def check_streams() -> None:
    """Prepare both streams for writing; end if there is no standard output."""
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stdout is None:
        _fail("Standard output is closed. Redirect it, for example to /dev/null.", 2)
    for stream in (sys.stdout, sys.stderr):  # escape characters that the encoding does not have
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _fail(message: str, code: int) -> NoReturn:
    sys.stderr.write(f"error: {message}\n")
    _end(code)


def _end(code: int) -> NoReturn:
    """End at once, without Python's shutdown, which takes a tenth of a second."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except OSError as error:
                code = code or 2
                with contextlib.suppress(OSError):
                    sys.stderr.write(f"error: Output cannot be written: {error.strerror}.\n")
    os._exit(code)


def require_environment() -> None:
    """Run again in the verb's locked environment, unless this Python belongs to one.

    scripts/run does this itself, and faster; this is for `python scripts VERB`, which also works
    on Windows.
    """
    if (Path(sys.prefix) / "lock.txt").is_file():
        return
    import bootstrap  # noqa: PLC0415 (scripts/run does not need it)

    bootstrap.require_python()
    group = "local" if sys.argv[1:2] in (["demo"], ["emulate"], ["emulator"]) else "runtime"
    if not bootstrap.is_ready(bootstrap.LOCKS / f"{group}.txt", bootstrap.HOME / group):
        bootstrap.make_environment(group)
    python = bootstrap.program(bootstrap.HOME / group, "python")
    command = [python, "-Iu", str(SCRIPTS), *sys.argv[1:]]
    if sys.platform == "win32":  # Windows cannot replace a process
        _end(subprocess.run(command, check=False).returncode)
    os.execv(python, command)  # noqa: S606 (no shell is needed)


def _interrupt(_signal: int, frame: FrameType | None) -> NoReturn:
    """Raise KeyboardInterrupt, but end at once while a verb's modules are imported.

    An extension module that is importing others may replace the exception, or abort.
    """
    inner = None
    while frame and not (
        frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__"
    ):
        inner, frame = frame, frame.f_back
    if inner and inner.f_code.co_filename.startswith("<frozen importlib"):
        os.write(2, f"error: {CANCELLED}\n".encode())
        os._exit(130)
    raise KeyboardInterrupt


if __name__ == "__main__":
    check_streams()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        main()
        _end(0)
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        _end(ended.code)
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader has stopped, as in `make demo | head`
            _end(128 + 13)
        if error.errno != errno.ENOSPC:
            raise
        _fail(f"Output cannot be written: {error.strerror}.", 2)
    except KeyboardInterrupt:
        _fail(CANCELLED, 130)  # before the verb's own handling of it
