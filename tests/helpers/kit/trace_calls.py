"""Run a verb and record the kit's files through which its calls and returns go.

`python trace_calls.py FILE VERB …` writes the walk into FILE, as JSON: the files in the order in
which they are entered, by a call or by a return, from the call of the verb's `main` to its end.
What happens in a function that waits is left out: how often it looks depends on the time.
"""

import inspect
import json
import runpy
import sys
from pathlib import Path

import boto3.session  # noqa: F401 (before the profiler, which slows its import)
import pydantic  # noqa: F401

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
WAITS = str(SCRIPTS / "matlab_sagemaker/training/attempts.py"), "wait"


class Walk:
    """A profiler that records each change of file; module and class bodies do not count."""

    def __init__(self, main, place):
        self.main, self.place = str(SCRIPTS / main), Path(place)
        self.files = []
        self.under_way = False
        self.waiting = None  # the frame of a function that waits

    def __call__(self, frame, event, _argument):
        code = frame.f_code
        # A call between files outside of the kit does not count.
        if not code.co_filename.startswith(KITS) or not code.co_flags & inspect.CO_OPTIMIZED:
            return
        if self.waiting and (frame is not self.waiting or event != "return"):
            return
        waits = event == "call" and (code.co_filename, code.co_name) == WAITS
        self.waiting = frame if waits else None
        is_main = code.co_name == "main" and code.co_filename == self.main
        if is_main:
            self.under_way = event == "call" or (self.under_way and event != "return")
        if self.under_way and event in ("call", "return"):
            self._enter(frame if event == "call" else frame.f_back)
        elif is_main and event == "return":
            self.place.write_text(json.dumps(self.files))

    def _enter(self, frame):
        """Record the file of a frame, or of its nearest caller in the kit."""
        while frame and not _is_kits(frame.f_code):
            frame = frame.f_back
        file = str(Path(frame.f_code.co_filename).relative_to(SCRIPTS)) if frame else ""
        if file and self.files[-1:] != [file]:
            self.files.append(file)


def _is_kits(code):
    return code.co_filename.startswith(KITS) and code.co_flags & inspect.CO_OPTIMIZED


KITS = f"{SCRIPTS}/"


def main():
    place, verb, *words = sys.argv[1:]
    sys.argv = [str(SCRIPTS), verb, *words]
    sys.setprofile(Walk(f"{verb.replace('-', '_')}.py", place))
    runpy.run_path(str(SCRIPTS), run_name="__main__")


if __name__ == "__main__":
    main()
