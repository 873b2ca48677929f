# Newcomers need only `make demo` and `make test`; CONTRIBUTING.md has the rest.
.DEFAULT_GOAL := help
SHELL := bash
# On a GitHub runner the kit's steps keep their environments there, but the targets use the checkout's.
unexport RUNNER_TEMP
# Otherwise each worker would compile every test again.
unexport PYTHONDONTWRITEBYTECODE
DEV := .venv/dev/bin
# A copy of its lock, written last; bin/python is a link, so its time is that of its target.
READY := .venv/dev/lock.txt
CORES := $(shell getconf _NPROCESSORS_ONLN)
# The steps wait for each other and for their emulator more than they compute. tests/images and tests/workflows have targets of their own.
BY_FILE := -n $(shell expr 3 '*' $(CORES)) --dist loadfile --no-loadscope-reorder --ignore tests/images --ignore tests/workflows

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 17

demo: ## train, compile, deploy and predict on an emulated SageMaker
	@scripts/run demo

demo-stop: ## stop the demo's emulator
	@scripts/run demo --stop

# Tests that wait, kill, attack or build for long are marked slow: `make test` leaves them out.
# KILLS, ODD and BODIES are the sizes of the samples that it takes of the others.
test: $(READY) octave ## run the tests except the slow ones
	@KILLS=$${KILLS:-1} ODD=$${ODD:-100} BODIES=$${BODIES:-60} $(DEV)/pytest -q -m "not sdk and not slow" $(BY_FILE) $(ARGS)

test-slow: test-slow-whole test-slow-files ## run the slow tests whole: kills after each request, faults, attacks, waiting

test-slow-whole: $(READY) octave
	@TABLES=$${TABLES:-1000} BODIES=$${BODIES:-500} $(DEV)/pytest -q -n $(shell expr $(CORES) + 1) --dist load tests/slow $(ARGS)

test-slow-files: $(READY) octave
	@$(DEV)/pytest -q -m slow $(BY_FILE) --ignore tests/slow $(ARGS)

test-containers: $(READY) ## run the tests that need Docker (as root they start an engine)
	@PYTHONPATH=tests $(DEV)/python -m images.engine $(DEV)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/images $(ARGS)

test-workflows: $(READY) octave git-lfs ## run the workflows, with act instead of GitHub
	@$(DEV)/pytest -q -n 3 --dist load tests/workflows $(ARGS)

test-sdk: $(READY) octave ## drive the emulator with the unmodified SageMaker SDKs and aws CLI
	@for group in sdk sdk2; do python3 scripts/bootstrap.py environment $$group || exit; done
	@SDK_PYTHON=$(CURDIR)/.venv/sdk/bin/python SDK2_PYTHON=$(CURDIR)/.venv/sdk2/bin/python $(DEV)/pytest -q -m sdk -n 2 --dist worksteal tests/emulator $(ARGS)

check: $(READY) ## lint and type-check
	@$(DEV)/ruff format --check -q . && $(DEV)/ruff check -q .
	@$(DEV)/mypy
	@$(DEV)/yamllint --strict .
	@$(DEV)/cfn-lint scripts/setup/aws.yml
	@$(DEV)/shellcheck scripts/run .ci/run .ci/bare-debian docker/*/run tests/images/standin/bin/matlab* examples/*/*.sh
	@$(DEV)/zizmor --quiet --offline --persona pedantic --config .github/zizmor.yml .github action examples
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/*/.github/workflows/*.yml
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.github-actions action/*/action.yml
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/idea.yml
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(DEV)/check-jsonschema -q --builtin-schema vendor.dependabot .github/dependabot.yml
	@python3 tests/helpers/kit/go_programs.py actionlint .github/workflows/*.yml examples/*/.github/workflows/*.yml
	@$(DEV)/hadolint docker/*/Dockerfile tests/images/standin/Dockerfile.*

benchmark: $(READY) octave ## measure speed and memory, compared with alternatives
	@$(DEV)/python tests/benchmarks/bench_predict.py
	@$(DEV)/python tests/benchmarks/bench_start.py
	@python3 scripts/bootstrap.py environment runtime && $(DEV)/python tests/benchmarks/bench_steps.py
	@$(DEV)/python tests/benchmarks/bench_history.py
	@$(DEV)/python tests/benchmarks/bench_rehearse.py
	@$(DEV)/python tests/benchmarks/bench_inputs.py
	@$(DEV)/python tests/benchmarks/bench_key.py
	@python3 scripts/bootstrap.py environment sdk && $(DEV)/python tests/benchmarks/bench_upload.py
	@python3 scripts/bootstrap.py environment peers
	@command -v nginx >/dev/null || python3 scripts/bootstrap.py system nginx "the front of MATLAB's image is measured with it"
	@$(DEV)/python tests/benchmarks/bench_server.py

lock: ## resolve every dependency again, into locks/
	@.venv/uv/bin/uv pip compile -q $(COMPILE) pyproject.toml -o locks/runtime.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) pyproject.toml --group local -o locks/local.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) pyproject.toml --group dev -o locks/dev.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) --group pyproject.toml:sdk -o locks/sdk.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) --group pyproject.toml:peers -o locks/peers.txt $(ARGS)
	@.venv/uv/bin/uv pip compile -q $(COMPILE) --group pyproject.toml:sdk2 -o locks/sdk2.txt $(ARGS)
COMPILE := --universal --generate-hashes --no-annotate --no-header --python-version 3.10

$(READY): locks/dev.txt scripts/bootstrap.py
	@python3 scripts/bootstrap.py environment dev && touch $@

octave:
	@command -v octave-cli >/dev/null || python3 scripts/bootstrap.py system octave "the tests run the MATLAB code on it"

git-lfs:
	@command -v git-lfs >/dev/null || python3 scripts/bootstrap.py system git-lfs "the tests check out files in it"

.PHONY: help demo demo-stop test test-slow test-slow-whole test-slow-files test-containers test-workflows test-sdk check benchmark lock octave git-lfs
