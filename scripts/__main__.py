"""The verbs: `python scripts VERB …` runs scripts/VERB.py; without a verb, lists them."""

import ast
import difflib
import runpy
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parent
NOT_VERBS = {"__main__", "bootstrap", "matlab_sagemaker"}


def verbs() -> dict[str, str]:
    """Return each verb with the first line of its module's docstring."""
    files = [*SCRIPTS.glob("*.py"), *SCRIPTS.glob("*/__init__.py")]
    modules = {(file.parent if file.name == "__init__.py" else file).stem: file for file in files}
    return {
        name.replace("_", "-"): _first_line(modules[name])
        for name in sorted(modules)
        if name not in NOT_VERBS
    }


def main() -> None:
    """Run the verb named on the command line."""
    known = verbs()
    verb = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if verb in known:
        sys.argv = [f"scripts/run {verb}", *sys.argv[2:]]
        runpy.run_module(verb.replace("-", "_"), run_name="__main__", alter_sys=True)
        return
    listing = "\n".join(f"  {name:22}{text}" for name, text in known.items())
    if verb in ("-h", "--help"):
        sys.stdout.write(f"usage: scripts/run VERB [--help] [options]\n\n{listing}\n")
        return
    nearest = difflib.get_close_matches(verb, known, 1)
    hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
    sys.stderr.write(f"error: there is no verb '{verb}'.{hint}\n\n{listing}\n")
    sys.exit(2)


def _first_line(file: Path) -> str:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


if __name__ == "__main__":
    main()
