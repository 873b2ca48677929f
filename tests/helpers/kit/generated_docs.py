"""The generated parts of docs/: each is between two comments and is never edited by hand.

keys of sagemaker.yml from its schema, permissions from doctor's list, inputs and outputs from
action.yml, exit codes from errors.py. tests/unit/test_docs_generated.py writes them again where
they differ.
"""

import inspect
import json
import re
from collections import Counter

import yaml

from helpers.kit.paths import KIT
from matlab_sagemaker import errors
from matlab_sagemaker.doctor import permissions
from matlab_sagemaker.project import config

BEGIN = "<!-- Generated from {}; tests/unit/test_docs_generated.py writes it. -->\n"
END = "<!-- End of the generated part. -->"
MORE = {  # a key, and the section of its page with more about it
    "matlab.engine": "engines-and-emulator.md",
    "matlab.batch_token_secret": "images-and-licence.md#the-batch-token",
    "model": "#a-model-that-exists-already",
    "gate": "#the-gate",
    "champion": "#the-gate",
    "training.code": "#code-in-several-folders",
    "training.environment": "#variables",
    "training.image": "#an-image-of-your-own",
    "training.spot.max_wait": "#spot-capacity",
    "training.metrics": "#metrics",
    "inference.handler": "requests.md#the-kits-handlers",
    "inference.code": "#code-in-several-folders",
    "aws.vpc.subnets": "aws-permissions.md#jobs-in-a-vpc",
}


def replaced(page, source, text):
    """Return a page with `text` as the part that is generated from `source`."""
    begin = BEGIN.format(source)
    assert page.count(begin) == 1, f"the page has no part that is generated from {source}"
    before, _, rest = page.partition(begin)
    return before + begin + "\n" + text + "\n" + END + rest.partition(END)[2]


def table(heads, lines):
    """Return a table in Markdown."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def code(text):
    return f"`{text}`" if text != "" else ""


# ---- sagemaker.yml


def keys(schema=None, part=None, path=""):
    """Yield (path, its schema, whether it is required) of each key of sagemaker.yml, in order."""
    schema = schema or config.json_schema()
    part = part or schema
    for name, own in part["properties"].items():
        yield from _key(schema, own, f"{path}{name}", name in part.get("required", ()))


def _key(schema, own, path, required):
    """Yield a key and, if it is a section or a list of sections, the keys in it."""
    members = own.get("patternProperties", {}).values()
    section = _section(schema, own)
    of_members = [found for member in members if (found := _section(schema, member))]
    if not section:
        yield path, own, required
    if section:
        yield from keys(schema, section, f"{path}.")
    for member in of_members:
        yield from keys(schema, member, f"{path}.<name>.")


def _section(schema, own):
    """Return the section that a value refers to, if any."""
    for each in [own, *own.get("anyOf", ())]:
        if "$ref" in each:
            return schema["$defs"][each["$ref"].rpartition("/")[2]]
    return None


def example(own):
    """Return an example of a key's value: the schema's, or the default."""
    return own["examples"][0] if "examples" in own else own.get("default")


def sagemaker_yml():
    """Return the table of all keys."""
    return table(["key", "default", "what", "example"], map(_row, keys()))


def _row(key):
    path, own, required = key
    default = "required" if required else _flow(own.get("default")) or _none(own)
    more = f" [More]({MORE[path]})." if path in MORE else ""
    what = own["description"].replace("<", "&lt;")
    shown = "see below" if _has_members(own) else code(_flow(example(own)))
    given = default if default in ("required", "none", "") else code(default)
    return [code(path), given, what + more, shown]


def _none(own):
    return "" if "Default:" in own["description"] else "none"


def _has_members(own):
    return any("$ref" in str(member) for member in own.get("patternProperties", {}).values())


class _Dumper(yaml.SafeDumper):
    """Quotes comparisons: YAML accepts < without quotes, but not >."""


def _text_node(dumper, text):
    style = "'" if text.startswith(("<", ">")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def _flow(value):
    """Return a value as YAML on one line; "" if it is empty."""
    if value in (None, {}, []):
        return ""
    text = yaml.dump(value, Dumper=_Dumper, default_flow_style=True, width=1000)
    return text.removesuffix("...\n").strip()


# ---- permissions


def aws_permissions():
    """Return the table of each step's requests to AWS."""
    return table(
        ["step", "its actions"],
        [[code(step), "<br>".join(_asked(asked))] for step, asked in permissions.STEPS.items()],
    )


def _asked(asked):
    """Yield a line for each occasion and resource: actions, resource, condition."""
    groups, lines = {}, {}
    for each in asked:
        groups.setdefault((each.on, _when(each)), []).append(each.action)
    for (on, when), actions in groups.items():
        lines.setdefault((_named(actions), when), []).append(on)
    for (actions, when), on in lines.items():
        yield f"{actions} on {', '.join(on)}{when}"


def _when(permission):
    when, made = permission.when, permission.makes
    occasion = f", {when if when.startswith('with ') else f'when {when}'}" if when else ""
    return occasion + (f", once, if there is no {made}" if made else "")


def _named(actions):
    """Return actions, with each service named once."""
    services = {}
    for action in dict.fromkeys(actions):
        service, _, name = action.partition(":")
        services.setdefault(service, []).append(name)
    return ", ".join(
        code(name if number else f"{service}:{name}")
        for service, names in services.items()
        for number, name in enumerate(names)
    )


# ---- steps


def actions():
    """Return the content of each action.yml, by its step."""
    files = sorted(KIT.glob("action/*/action.yml"))
    return {file.parent.name: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}


def steps():
    """Return inputs and outputs of each step, after those that most steps share."""
    known = actions()
    common = {kind: _common(known, kind) for kind in ("inputs", "outputs")}
    parts = [
        "### Common inputs and outputs\n",
        _inputs(common["inputs"]),
        _outputs(common["outputs"]),
    ]
    for name, action in known.items():
        own = {kind: _own(action, kind, common[kind]) for kind in common}
        shared = [word for word in action.get("inputs", {}) if word not in own["inputs"]]
        parts += [f"### `{name}`\n", action["description"] + "\n"]
        parts += [_inputs(own["inputs"])] if own["inputs"] else []
        parts += ["Also: " + ", ".join(map(code, shared)) + ".\n"] if shared else []
        parts += [_outputs(own["outputs"])] if own["outputs"] else []
    return "\n".join(parts)


def _common(known, kind):
    """Return what more than half of the steps have, with the same description."""
    said = Counter(
        (name, json.dumps(text, sort_keys=True))
        for action in known.values()
        for name, text in _texts(action, kind).items()
    )
    return {
        name: json.loads(text) for (name, text), count in said.items() if 2 * count > len(known)
    }


def _own(action, kind, common):
    return {name: t for name, t in _texts(action, kind).items() if common.get(name) != t}


def _texts(action, kind):
    """Return inputs or outputs without an output's expression."""
    of = action.get(kind, {})
    return {name: {k: v for k, v in text.items() if k != "value"} for name, text in of.items()}


def _inputs(inputs):
    lines = [
        [code(name), "required" if text["required"] else code(text["default"]), _text(text)]
        for name, text in inputs.items()
    ]
    return table(["input", "default", "what"], lines)


def _outputs(outputs):
    return table(["output", "what"], [[code(name), _text(text)] for name, text in outputs.items()])


def _text(text):
    return re.sub(r"\s+", " ", text["description"]).strip().replace("|", "\\|")


# ---- exit codes


def exit_codes():
    """Return the table of all kinds of errors, by exit code."""
    kinds = [kind for kind in vars(errors).values() if _is_kind(kind)]
    lines = [
        [str(kind.exit_code), code(kind("").kind), " ".join(inspect.getdoc(kind).split())]
        for kind in sorted(kinds, key=lambda kind: kind.exit_code)
    ]
    return table(["exit code", "kind", "meaning"], lines)


def _is_kind(kind):
    return (
        inspect.isclass(kind) and issubclass(kind, errors.KitError) and kind is not errors.KitError
    )


PARTS = [  # page, what it is generated from, and how
    ("sagemaker-yml.md", "scripts/sagemaker.schema.json", sagemaker_yml),
    ("aws-permissions.md", "scripts/matlab_sagemaker/doctor/permissions.py", aws_permissions),
    ("steps.md", "action/*/action.yml", steps),
    ("steps.md", "scripts/matlab_sagemaker/errors.py", exit_codes),
]
