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

# Personal settings for mirrors or indexes must not leak into the lock. Certificates come from the system.
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

setup: $(VENV)/.ok $(BUILT)/.ok chromium  ## make .venv with the command threepoint

demo: setup  ## make, load, build and compare a synthetic world, and show it on http://127.0.0.1:8000 (ONCE=1: stop before the site)
	ONCE=$(ONCE) $(PY) -m scripts.demo $(DEMO)

test: check  ## check, then run the tests (FULL_SIZE=1: run the heavy ones at full size)
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup  ## check style, types, import rules and declared dependencies
	$(VENV)/bin/ruff check -q .
	$(VENV)/bin/ruff format -q --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/deptry threepoint website
	$(PY) -m scripts.check_house_style

# Without isolation, pyspark is built with the locked setuptools of .venv. `make setup` removes it when the lock changes.
spark: setup  ## add Apache Spark to .venv as a second build engine (some 500 MB; needs Java 17 or 21)
	$(UV) pip install -q --python $(PY) --no-build-isolation --require-hashes -r requirements/spark.txt
	@command -v java > /dev/null || echo "Java not found. Install it, for example: apt-get install openjdk-17-jre-headless" >&2

bench: setup  ## measure against peers (ARGS= passes options)
	$(PY) -m bench $(ARGS)

docs: setup  ## update the reference pages and the output shown in pages
	$(PY) -m scripts.reference_pages
	$(PY) -m scripts.doc_outputs

run: setup  ## show the help of the command threepoint
	@$(TP) --help

lock: $(BOOT)/.ok  ## solve the requirements again (ARGS=--upgrade takes newer versions)
	$(COMPILE) $(ARGS) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) $(ARGS) $(addprefix requirements/,base.in site.in dev.in bench.in) -o requirements/all.txt
	$(COMPILE) -c requirements/all.txt requirements/base.in -o requirements/base.txt
	$(COMPILE) -c requirements/all.txt requirements/spark.in -o requirements/spark.txt
	$(VENV)/bin/python -c 0 2> /dev/null || $(MAKE) $(VENV)/.ok
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --loglevel=error
	@! grep -nE 'https?://|index-url|find-links' requirements/*.txt
	@! grep -nE '"resolved"' package-lock.json

clean:  ## remove environments, caches and the demo, but no store
	rm -rf $(BOOT) $(VENV) $(DEMO) $(BUILT) node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BOOT)/.ok: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Three Point needs Python 3.11 or newer. Name one: make setup PYTHON=python3.12")'
	test -x $(BOOT)/bin/python || $(PYTHON) -m venv $(BOOT)
	$(BOOT)/bin/python -m pip install -q --require-hashes -r $<
	touch $@

# The project is installed last, without network, because the lock includes its build backend.
$(VENV)/.ok: requirements/all.txt requirements/base.in requirements/site.in requirements/dev.in requirements/bench.in pyproject.toml $(BOOT)/.ok
	test -x $(PY) || $(PYTHON) -m venv --without-pip $(VENV)
	$(UV) pip sync -q --compile-bytecode --python $(PY) --require-hashes $<
	$(UV) pip install -q --python $(PY) --offline --no-build-isolation --no-deps -e .
	$(PY) -m compileall -q threepoint website
	$(PY) -m threepoint.build_plan
	touch $@

# userconfig=/dev/null keeps personal npm settings out. --ignore-scripts runs no script of a package.
node_modules/.ok: package-lock.json package.json $(VENV)/.ok
	$(NPM) ci --userconfig=/dev/null --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	touch $@

# One style sheet and one script, each with GOV.UK Frontend in it. The script is one file because an import could not find
# the hashed name of a module. The source map is not shipped, so the line that names it is removed.
$(BUILT)/.ok: node_modules/.ok $(wildcard website/common/style/*.scss)
	mkdir -p $(BUILT)
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" node node_modules/sass/sass.js --load-path=node_modules --style=compressed --no-source-map \
		website/common/style/site.scss $(BUILT)/site.css
	{ sed 's@//# sourceMappingURL=.*@@' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js; echo; echo 'initAll();'; } > $(BUILT)/site.js
	touch $@

# For the browser tests, which are skipped with a message if there is no Chromium.
chromium:
	@test -x $(CHROME) || { test "$$(id -u)" = 0 && command -v apt-get > /dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core > /dev/null; } \
		|| echo "$(CHROME) not found. Browser tests will be skipped. Install it, for example: apt-get install chromium" >&2
