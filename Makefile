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
BUILT := website/common/static/built
CHROME := /usr/bin/chromium
NPM  := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

# Nobody's own settings of mirrors or indexes may leak into the lock; certificates come from the system.
export UV_NO_CONFIG := 1
export UV_SYSTEM_CERTS := 1
export UV_NO_PROGRESS := 1
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NODE_EXTRA_CA_CERTS ?= $(wildcard /etc/ssl/certs/ca-certificates.crt)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: help setup demo test check spark bench docs run lock clean chromium

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.ok $(BUILT)/.ok chromium  ## make .venv, with the command threepoint in it

demo: setup  ## make a synthetic world, load it, build, compare, and show it on http://127.0.0.1:8000 (ONCE=1: end before that)
	ONCE=$(ONCE) $(PY) -m scripts.demo $(DEMO)

test: check  ## check, then run the tests (FULL_SIZE=1: the heavy ones at full size)
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup  ## style, types, who may import whom, declared dependencies
	$(VENV)/bin/ruff check -q .
	$(VENV)/bin/ruff format -q --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/deptry threepoint website

# Without isolation, pyspark is built with the locked setuptools of .venv. `make setup` takes it out again when the lock changes.
spark: setup  ## add Apache Spark to .venv, a second engine for builds (some 500 MB; needs Java 17 or 21)
	$(UV) pip install -q --python $(PY) --no-build-isolation --require-hashes -r requirements/spark.txt
	@command -v java > /dev/null || echo "No java: install it, for instance: apt-get install openjdk-17-jre-headless" >&2

bench: setup  ## measure against peers (ARGS= passes options on)
	$(PY) -m bench $(ARGS)

docs: setup  ## write the reference pages and the output shown in pages again
	$(PY) -m scripts.reference_pages
	$(PY) -m scripts.doc_outputs

run: setup  ## show what the command threepoint can do
	@$(TP) --help

lock: $(BOOT)/.ok  ## solve the requirements anew (ARGS=--upgrade takes newer versions)
	$(COMPILE) $(ARGS) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) $(ARGS) $(addprefix requirements/,base.in site.in dev.in bench.in) -o requirements/all.txt
	$(COMPILE) -c requirements/all.txt requirements/base.in -o requirements/base.txt
	$(COMPILE) -c requirements/all.txt requirements/spark.in -o requirements/spark.txt
	$(VENV)/bin/python -c 0 2> /dev/null || $(MAKE) $(VENV)/.ok
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --loglevel=error
	@! grep -nE 'https?://|index-url|find-links' requirements/*.txt
	@! grep -nE '"resolved"' package-lock.json

clean:  ## remove environments, caches and the demo; never a store
	rm -rf $(BOOT) $(VENV) $(DEMO) $(BUILT) node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
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
	$(PY) -m compileall -q threepoint website
	$(PY) -m threepoint.build_plan
	touch $@

# userconfig=/dev/null: nobody's own settings of npm leak in. No script of a package is run.
node_modules/.ok: package-lock.json package.json $(VENV)/.ok
	$(NPM) ci --userconfig=/dev/null --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	touch $@

# One style sheet and one script, of our own and of GOV.UK Frontend. Its module and our one line are joined into one file,
# because the hashed name of a module's import would not be found; its map is not shipped, so the line naming it goes.
$(BUILT)/.ok: node_modules/.ok $(wildcard website/common/style/*.scss)
	mkdir -p $(BUILT)
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" node node_modules/sass/sass.js --load-path=node_modules --style=compressed --no-source-map \
		website/common/style/site.scss $(BUILT)/site.css
	{ sed 's@//# sourceMappingURL=.*@@' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js; echo; echo 'initAll();'; } > $(BUILT)/site.js
	touch $@

# For the tests in a browser. They are skipped, with a message, where there is none.
chromium:
	@test -x $(CHROME) || { test "$$(id -u)" = 0 && command -v apt-get > /dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core > /dev/null; } \
		|| echo "No $(CHROME): tests in a browser will be skipped. Install it, for instance: apt-get install chromium" >&2
