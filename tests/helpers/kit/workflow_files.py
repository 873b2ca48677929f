"""The kit's workflows, actions and examples as data, for the tests that read them."""

import re

import yaml

from helpers.kit.paths import KIT


def read(file):
    return yaml.load(file.read_text(), yaml.CSafeLoader)  # ten times as fast as safe_load


ACTIONS = {file.parent.name: read(file) for file in KIT.glob("action/*/action.yml")}
WORKFLOWS = {file.name: read(file) for file in sorted(KIT.glob(".github/workflows/*.yml"))}
OWN = {
    f"{name}.yml": WORKFLOWS[f"{name}.yml"]
    for name in ("ci", "matlab", "release", "codeql", "osv", "scorecard")
}
REUSABLE = {name: flow for name, flow in WORKFLOWS.items() if name not in OWN}
EXAMPLES = {
    f"{file.parents[2].name}/{file.name}": read(file)
    for file in sorted(KIT.glob("examples/*/.github/workflows/*.yml"))
}
FILES = sorted(
    [*KIT.glob(".github/workflows/*.yml"), *KIT.glob("examples/*/.github/workflows/*.yml"),
     *KIT.glob("action/*/action.yml")]
)  # fmt: skip
JOBS = [(name, job, text) for name, flow in REUSABLE.items() for job, text in flow["jobs"].items()]
EVENTS = {"train.yml": "pull_request", "deploy.yml": "push", "operate.yml": "workflow_dispatch"}
# The values that jobs hand on. With a masked account number in it, GitHub would drop a value.
WITHOUT_ACCOUNT = {
    "verdict",
    "report",
    "facts",
    "base-facts",
    "metrics",
    "gate",
    "changes",
    "running",
    "model-found",
    "image-found",
    "handler-found",
    "engine",
    "release",
    "products",
}
REFERENCE = re.compile(r"\b(inputs|secrets|steps|needs|jobs)\.([\w-]+)(?:\.(\w+)(?:\.([\w-]+))?)?")


def on(flow):
    return flow[True]  # YAML 1.1 reads `on` as true


def texts(value):
    """Yield every text in a document."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def references(value, kind):
    """Yield (name, part, member) of every `kind.name.part.member` that is read in `value`."""
    for text in texts(value):
        for match in REFERENCE.finditer(text):
            if match[1] == kind:
                yield match[2], match[3], match[4]


def kit_steps(job):
    return [s for s in job.get("steps", []) if s.get("uses", "").startswith("./.kit/action/")]


def action_of(step):
    return step["uses"].rpartition("/")[2]
