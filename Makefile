# The two commands of a newcomer are `make demo` and `make test`; CONTRIBUTING.md tells the rest.
.DEFAULT_GOAL := help
SHELL := bash
# On a GitHub runner the kit's steps keep their environments there; the targets know those of the checkout.
unexport RUNNER_TEMP
DEV := .venv/dev/bin
# A copy of its lock, written last: bin/python is a link, whose time is that of what it points to.
READY := .venv/dev/lock.txt
# The steps wait for each other and for their emulator more than they compute.
ONE_MORE := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 17

demo: ## train, compile, deploy and predict on an emulated SageMaker
	@scripts/run demo

demo-stop: ## stop the demo's emulator
	@scripts/run demo --stop

test: $(READY) octave ## run the tests
	@$(DEV)/pytest -q -m "not sdk" -n $(ONE_MORE) --dist loadfile --no-loadscope-reorder --ignore tests/containers --ignore tests/workflows $(ARGS)

test-containers: $(READY) ## run the tests that need Docker (as root they start an engine)
	@PYTHONPATH=tests $(DEV)/python -m containers.engine $(DEV)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/containers $(ARGS)

test-workflows: $(READY) octave ## run the workflows, with act for GitHub
	@$(DEV)/pytest -q -n 2 --dist load tests/workflows $(ARGS)

test-sdk: $(READY) octave ## drive the emulator with the unmodified SageMaker SDK and aws CLI
	@python3 scripts/bootstrap.py environment sdk
	@SDK_PYTHON=$(CURDIR)/.venv/sdk/bin/python $(DEV)/pytest -q -m sdk tests/emulator $(ARGS)

check: $(READY) ## lint and type-check
	@$(DEV)/ruff format --check -q . && $(DEV)/ruff check -q .
	@$(DEV)/mypy
	@$(DEV)/yamllint --strict .
	@$(DEV)/cfn-lint scripts/setup/aws.yml
	@$(DEV)/shellcheck scripts/run .ci/run docker/*/run tests/containers/standin/bin/matlab*
	@$(DEV)/zizmor --quiet --offline --persona pedantic --config .github/zizmor.yml .github action examples
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/*/.github/workflows/*.yml
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.github-actions action/*/action.yml
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.dependabot .github/dependabot.yml
	@python3 tests/tools.py actionlint .github/workflows/*.yml examples/*/.github/workflows/*.yml
	@$(DEV)/hadolint docker/*/Dockerfile tests/containers/standin/Dockerfile.*

benchmark: $(READY) octave ## measure one-row predictions, and how soon a step starts
	@$(DEV)/python tests/benchmarks/bench_predict.py
	@$(DEV)/python tests/benchmarks/bench_start.py

lock: ## resolve every dependency anew, into locks/
	@.venv/uv/bin/uv pip compile -q $(COMPILE) pyproject.toml -o locks/runtime.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) pyproject.toml --group local -o locks/local.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) pyproject.toml --group dev -o locks/dev.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) --group pyproject.toml:comment -o locks/comment.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) --group pyproject.toml:sdk -o locks/sdk.txt $(ARGS)
COMPILE := --universal --generate-hashes --no-annotate --no-header --python-version 3.10

$(READY): locks/dev.txt scripts/bootstrap.py
	@python3 scripts/bootstrap.py environment dev && touch $@

octave:
	@command -v octave-cli >/dev/null || python3 scripts/bootstrap.py system octave "the tests run the MATLAB code on it"

.PHONY: help demo demo-stop test test-containers test-workflows test-sdk check benchmark lock octave
