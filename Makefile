# One verb each; every verb does its own set-up. `make` twice installs once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Tests wait about half of their time, for clocks and for silence: one process more than cores.
WORKERS := $(shell echo $$(( $$(nproc) + 1 )))
PYTEST_ARGS ?= -q -n $(WORKERS)
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test long check format lock clean bench bench-server durability detection honest equal-servers
.DEFAULT_GOAL := help

help:
	@echo 'make demo    reference server, conformance, load, gate and report in one go'
	@echo "make test    the project's own tests"
	@echo 'make long    the few tests that take minutes each'
	@echo 'make check   format, lint, types, architecture'
	@echo 'make bench        what a frame and a load cost; writes docs/performance.md'
	@echo 'make bench-server what the reference server costs; writes docs/performance.md'
	@echo 'make durability   20 kills of the reference server; writes docs/performance.md'
	@echo 'make detection    every deliberate fault against the whole suite; writes docs/detection.md'
	@echo 'make equal-servers  what a comparison says of two equal servers; writes docs/performance.md'
	@echo 'make honest       false alarms at an honest server, also a slow one; writes docs/detection.md'
	@echo 'make format  rewrite the sources in the project'"'"'s format'
	@echo 'make lock    resolve the ranges of pyproject.toml into the lock files'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11'; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo 'python3 has no venv module here: apt-get install python3-venv'; exit 2; }

# The development lock is a superset of the other with the same versions, so either stamp may come first.
$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing into $(VENV) (once; takes a minute)'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo 'Installing the development tools into $(VENV) (once; takes a minute)'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed

# What tests need that is on npm alone: the official AsyncAPI schema, and axe for the report's
# accessibility. Without npm the tests of these two are skipped.
$(VENV)/npm/.installed: Makefile | $(BIN)/python
	@if command -v npm >/dev/null; then \
	    npm install --silent --no-save --no-package-lock --ignore-scripts --prefix $(VENV)/npm @asyncapi/specs@6.11.1 axe-core@4.14.1 >/dev/null && touch $@; \
	else false; fi || echo 'without npm and its registry the tests against the AsyncAPI schema and of accessibility are skipped'

demo: $(VENV)/.installed
	@$(BIN)/chatsocket run --out runs/demo --force

test: $(VENV)/.installed-dev $(VENV)/npm/.installed
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -m 'not alone and not long'
	@$(BIN)/python -m pytest -q -m alone

long: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -q -m long

check: $(VENV)/.installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/architecture

format: $(VENV)/.installed-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock:
	@$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip --quiet install uv
	@$(VENV)/lock/bin/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --extra build -o requirements.lock pyproject.toml
	@$(VENV)/lock/bin/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --extra build --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks

bench-server: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.server_cost --record
	@$(BIN)/python -m benchmarks.server_memory --record

durability: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.durability --record

detection: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.detection --whole --write

equal-servers: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.equal_servers --record

honest: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.honest --write

clean:
	rm -rf $(VENV) runs
