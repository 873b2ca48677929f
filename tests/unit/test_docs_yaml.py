"""Workflows in the pages: a step has only inputs of its action, and only its outputs are read."""

import json
import re

import pytest
import yaml

from helpers.kit import pages, parsers

BLOCKS = [yaml.safe_load(text) for _, text in pages.blocks("yaml")]
KITS = re.compile(r"<kit>/action/([\w-]+)@<commit>")
READ = re.compile(r"steps\.([\w-]+)\.outputs\.([\w-]+)")


def jobs(block):
    """Return the jobs of a workflow, or the part of a job that a block is."""
    if isinstance(block, list):
        return [{"steps": block}]
    return [job for job in (block.get("jobs") or {"": block}).values() if job]


def wrong(job):
    """Return what a job gives to a step of the kit, or reads from it, that its action has not."""
    found, outputs = [], {}
    for step in job.get("steps", ()):
        if verb := KITS.fullmatch(step.get("uses", "")):
            action = parsers.declaration(verb[1])
            given, inputs = step.get("with", {}), action["inputs"]
            found += [f"{verb[1]}: {name}" for name in given if name not in inputs]
            found += [
                f"{verb[1]} without {name}"
                for name, about in inputs.items()
                if about["required"] and name not in given
            ]
            outputs[step.get("id")] = action["outputs"]
    read = READ.findall(json.dumps(job))
    unknown = [f"{step}.{name}" for step, name in read if name not in outputs.get(step, ())]
    return found + unknown


@pytest.mark.parametrize("job", [job for block in BLOCKS for job in jobs(block)])
def test_the_jobs_in_the_pages_fit_the_actions(job):
    assert wrong(job) == []


def test_a_job_that_does_not_fit_is_found():
    step = {"id": "try", "uses": "<kit>/action/check-image@<commit>", "with": {"mode": "m"}}
    job = {"outputs": {"x": "${{ steps.try.outputs.metrics }}"}, "steps": [step]}
    assert wrong(job) == ["check-image: mode", "check-image without image", "try.metrics"]
    assert len([job for block in BLOCKS for job in jobs(block) if KITS.search(str(job))]) > 5
