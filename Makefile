# Needs Python 3.11 and the package registries your pip and npm are set up for. Node is used if it is there, from 20.19 on,
# else it is installed into the virtual environment. Everything made here lies in .venv, node_modules and var.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" npm
CLEAN_INSTALL := $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error

# A stamp is written when its step has succeeded; the step runs again when what it was made from is newer.
RUNTIME := .venv/runtime.stamp
TOOLS := .venv/tools.stamp
NODE := .venv/node.stamp
IDE := web/ide/node_modules/installed.stamp
CONSOLE := web/console/dist/built.stamp
CLIENTS := tests/clients/node_modules/installed.stamp
PEERS := bench/peers/node_modules/installed.stamp
WALK := tests/console/node_modules/installed.stamp

.PHONY: help
help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 16

.PHONY: run
run: $(RUNTIME) $(IDE) $(CONSOLE) ## start the server with demo data; the first time sets everything up
	@$(PY) server.py migrate
	@$(PY) server.py demo --if-empty
	@$(PY) server.py serve

.PHONY: test
test: $(RUNTIME) $(TOOLS) $(IDE) $(CONSOLE) $(CLIENTS) $(WALK) ## run the whole test suite
	$(PY) -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile

.PHONY: check
check: lint types test ## format, lint, types and tests; before each commit

.PHONY: lint
lint: $(TOOLS)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

.PHONY: types
types: $(RUNTIME) $(TOOLS)
	$(PY) -m mypy .

.PHONY: bench
bench: $(RUNTIME) $(TOOLS) ## measure what we promise to be fast at
	$(PY) -m bench

.PHONY: bench-peers
bench-peers: $(RUNTIME) $(TOOLS) $(PEERS) ## measure PostGraphile 5 beside us, on the same data
	$(PY) -m bench.execution
	$(PY) -m bench.peers

.PHONY: ide
ide: $(IDE) ## fetch the files of GraphiQL

.PHONY: console
console: $(CONSOLE) ## build the console that is served at /

.PHONY: screens
screens: $(RUNTIME) $(TOOLS) $(CONSOLE) $(WALK) ## take the pictures in docs/screens anew; needs Chromium
	$(PY) tests/gates/console.py --screens docs/screens looks.test.mjs

.PHONY: lock
lock: $(RUNTIME) $(NODE) ## resolve the dependencies anew; the locks name no registry
	$(PYTHON) -m venv var/locking
	var/locking/bin/python -m pip install --quiet --disable-pip-version-check uv
	for name in requirements requirements-dev requirements-node; do \
	  var/locking/bin/uv pip compile --quiet --no-header --python-version 3.11 --generate-hashes --no-emit-index-url \
	    $$name.in --output-file $$name.lock || exit; \
	done
	for folder in web/ide web/console tests/clients bench/peers tests/console; do \
	  (cd $$folder && $(NPM) install --package-lock-only --ignore-scripts --no-audit --no-fund) || exit; \
	done

.PHONY: clean
clean: ## remove what was installed and cached; data in var stays
	rm -rf .venv var/locking {web/ide,web/console,tests/clients,tests/console}/node_modules web/console/{dist,src/gql}
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@echo "Making a virtual environment with $(PYTHON)"
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Casegraph needs Python 3.11 or newer")'
	@"$(PYTHON)" -m venv .venv

$(RUNTIME): requirements.lock | $(PY)
	@echo "Installing the locked dependencies"
	@$(INSTALL) -r requirements.lock
	@touch $@

$(TOOLS): requirements-dev.lock $(RUNTIME)
	@echo "Installing the tools for tests and checks"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

$(NODE): requirements-node.lock | $(PY)
	@if node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b > 18) ? 0 : 1)' 2>/dev/null && npm --version >/dev/null 2>&1; then \
	  echo "Using the Node of this machine, $$(node --version)"; \
	else \
	  echo "Installing Node into the virtual environment"; \
	  $(INSTALL) -r requirements-node.lock; \
	fi
	@touch $@

# The operations of the console are checked against the printed schema while their types are written.
$(CONSOLE): web/console/node_modules/installed.stamp schema.graphql $(wildcard web/widgets/*.js) \
  $(shell find web/console/src web/console/*.* -path web/console/src/gql -prune -o -type f -print)
	@echo "Building the console"
	@cd web/console && $(NPM) run --silent build -- --logLevel warn
	@touch $@

%/node_modules/installed.stamp: %/package.json %/package-lock.json %/.npmrc $(NODE)
	@echo "Installing the locked packages of $*"
	@cd $* && $(CLEAN_INSTALL)
	@touch $@
