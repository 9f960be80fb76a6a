# Jumun. `make demo` and `make test` set themselves up; nothing needs to be installed by hand but Python ≥ 3.11.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= data/demo
PORT ?= 8000
MARKS ?= not slow

.PHONY: help install demo test check format lint types contracts slow bench browser screenshots lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

install: .venv/installed ## install into .venv

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Jumun needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "Python's venv is missing: apt-get install python3-venv (Debian, Ubuntu), then run make again." >&2; \
	  rm -rf .venv; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install ## start everything with a sample company and a fake mall (DATA=dir PORT=n)
	@$(BIN)/jumun demo --data "$(DATA)" --port "$(PORT)"

browser: ## a Chromium for the browser tests: $$CHROMIUM, an installed one, apt when root, else Playwright's own
	@tools/find-chromium --install >/dev/null || true

test: install browser ## all tests but the slow ones
	$(BIN)/python -m pytest -q -m "$(MARKS)" -n 3 --dist loadfile

slow: install browser ## the slow tests
	$(BIN)/python -m pytest -q -m slow -n 2

check: format lint types contracts test ## everything a change must pass

format: install ## formatting
	$(BIN)/ruff format --check .

lint: install ## ruff and djlint
	$(BIN)/ruff check .
	$(BIN)/djlint src --check --lint --quiet

types: install ## mypy
	$(BIN)/mypy

contracts: install ## which room may import which
	$(BIN)/lint-imports

bench: install ## measure against the bare statements in the same run
	$(BIN)/jumun bench --data data/bench

screenshots: install browser ## take docs/images/*.png anew, of a demo that lived through one day
	$(BIN)/python tools/take-screenshots

lock: install ## write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --no-annotate --quiet -o requirements.lock

clean: ## remove what was built here
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
