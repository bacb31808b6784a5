SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BOOT := .boot
VENV := .venv
PY   := $(VENV)/bin/python
UV   := $(BOOT)/bin/uv
TP   := $(VENV)/bin/threepoint
DEMO := .demo
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

# Nobody's own settings of mirrors or indexes may leak into the lock; certificates come from the system.
export UV_NO_CONFIG := 1
export UV_SYSTEM_CERTS := 1
export UV_NO_PROGRESS := 1
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test check bench docs run lock clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.ok  ## make .venv, with the command threepoint in it

demo: setup  ## make a synthetic world, load it, build, compare three of its contracts
	$(PY) -m scripts.demo $(DEMO)

test: check  ## check, then run the tests
	$(PY) -m pytest -q -n 2 $(ARGS)

check: setup  ## style, types, who may import whom, declared dependencies
	$(VENV)/bin/ruff check -q .
	$(VENV)/bin/ruff format -q --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/deptry threepoint

bench: setup  ## measure against peers (ARGS= passes options on)
	$(PY) -m bench $(ARGS)

docs: setup  ## write the build's SQL, the reference pages and the output shown in pages anew
	$(PY) -m threepoint.plan
	$(PY) -m threepoint.standard.pages
	$(PY) -m scripts.outputs

run: setup  ## show what the command threepoint can do
	@$(TP) --help

lock: $(BOOT)/.ok  ## solve the requirements anew (ARGS=--upgrade takes newer versions)
	$(COMPILE) $(ARGS) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) $(ARGS) $(addprefix requirements/,base.in site.in dev.in bench.in) -o requirements/all.txt
	$(COMPILE) -c requirements/all.txt requirements/base.in -o requirements/base.txt
	@! grep -nE 'https?://|index-url|find-links' requirements/*.txt

clean:  ## remove environments, caches and the demo; never a store
	rm -rf $(BOOT) $(VENV) $(DEMO) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BOOT)/.ok: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one: make setup PYTHON=python3.12")'
	test -x $(BOOT)/bin/python || $(PYTHON) -m venv $(BOOT)
	$(BOOT)/bin/python -m pip install -q --require-hashes -r $<
	touch $@

# The project itself is installed last, without network: its build backend came with the lock.
$(VENV)/.ok: requirements/all.txt requirements/base.in requirements/site.in requirements/dev.in requirements/bench.in pyproject.toml $(BOOT)/.ok
	test -x $(PY) || $(PYTHON) -m venv --without-pip $(VENV)
	$(UV) pip sync -q --compile-bytecode --python $(PY) --require-hashes $<
	$(UV) pip install -q --python $(PY) --offline --no-build-isolation --no-deps -e .
	touch $@
