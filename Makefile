# Every verb sets up what it needs. `make` alone lists them.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help demo dev test golden check format long bench eval fuzz lock clean

help: ## List the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# The program alone: what `make demo` and a deployment need.
.venv/run.stamp: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found. Set PYTHON=…" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the program needs (once)…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The program plus tests, linters and benchmarks.
.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	@echo "Installing what tests and linters need (once)…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/run.stamp ## Run the whole bot on shipped papers, in this terminal (LIVE=1: on live sources)
	@$(BIN)/papers demo $(if $(LIVE),--live,)

dev: .venv/dev.stamp ## Set up everything for working on the code

test: .venv/dev.stamp ## Run all tests, one process per core (ARGS="-k word" passes options on)
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

golden: .venv/dev.stamp ## Write the expected renderings anew (tests/golden); read the difference
	@$(BIN)/python -m pytest tests/test_golden.py --write-golden

check: .venv/dev.stamp ## Format, lint, types, import contracts, unused dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

format: .venv/dev.stamp ## Put the code into the one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

chaos: .venv/dev.stamp ## Kill workers, break platforms and databases, and audit (ARGS="--deliveries 10000 --kills 200")
	@$(BIN)/python -m pytest -m long tests/chaos tests/adapters/store
	@$(BIN)/python -m tests.chaos $(ARGS)

long: .venv/dev.stamp ## Replay a year for 1,000 subscriptions; ask both match engines about all recorded papers; play lanes against their model
	@$(BIN)/python -m pytest -m long tests/replay tests/rules tests/adapters/store/test_lanes.py $(ARGS)

bench: .venv/dev.stamp ## Measure, as JSON lines (CORPUS=folder with other input files)
	@$(BIN)/python -m tests.bench $(if $(CORPUS),--corpus $(CORPUS),) $(ARGS)

eval: .venv/dev.stamp ## Judge what filters find, as JSON lines (ARGS="--papers FILE --judgements FILE …")
	@$(BIN)/python -m tests.quality $(ARGS)

fuzz: .venv/dev.stamp ## Fuzz the filter parser for SECONDS=600 (coverage-guided where atheris is installed)
	@$(BIN)/python -m tests.fuzz $(or $(SECONDS),600)

lock: .venv/dev.stamp ## Pin all dependencies anew, with hashes
	@$(PYTHON) -m venv .venv/lock && .venv/lock/bin/python -m pip install -q uv
	@.venv/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header requirements.in -o requirements.txt
	@.venv/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header requirements-dev.in -c requirements.txt -o requirements-dev.txt

clean: ## Remove what the other verbs made (keeps ./data)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
