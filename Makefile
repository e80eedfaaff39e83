# One command each; every one makes the virtual environment it needs. `make help` lists them.
# Give another interpreter with `make PYTHON=/path/to/python3 test`, another folder with `make VENV=.venv312 test`.

VENV ?= .venv
PYTHON ?=

ifeq ($(OS),Windows_NT)
  bin := $(VENV)/Scripts
else
  bin := $(VENV)/bin
endif
python := $(bin)/python
uv := $(shell command -v uv 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos lock clean
.DELETE_ON_ERROR:

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

demo: $(VENV)/.ready-run ## eight systems become golden records; query, review and publish them in the browser
	@$(bin)/mdm demo

test: $(VENV)/.ready-test ## run the tests, on SQLite and on PostgreSQL; nothing has to be installed
	@$(python) -m pytest -n auto --dist loadfile --no-loadscope-reorder # tests/conftest.py has the order

check: $(VENV)/.ready-dev ## ruff, mypy, pyright and the import contracts
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/pyright
	$(bin)/lint-imports --no-logo

# `--only api` measures the served API alone, with options of its own; each tells more with --help.
bench_api := graphql/benchmarks/bench_api.py $(filter-out --only api,$(ARGS))

bench: $(VENV)/.ready-test ## engine, peers and hub, resumable (MDM_BENCH_DATA=FOLDER, ARGS=--quick, '--only hub' or '--only api')
	@$(python) $(if $(filter api,$(ARGS)),$(bench_api),matching/benchmarks/bench.py $(ARGS))

chaos: $(VENV)/.ready-test ## the long fault tests; stop them at any time, the next call goes on (ARGS='--only R1 --seconds 280')
	@$(python) tests/chaos $(ARGS)

# The newest versions that the project's bounds allow, for every platform and every Python from 3.11.
# dev holds test, and test holds run: the smaller ones take the larger one's versions.
lock_command = $(uv) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade pyproject.toml

lock: ## renew requirements/*.txt (needs uv)
	@test -n "$(uv)" || { echo "make lock needs uv: install it with 'python3 -m pip install uv', then run make lock again." >&2; exit 1; }
	@unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL UV_FIND_LINKS UV_EXTRA_INDEX_URL; set -e; \
	$(lock_command) --group build --extra postgres --extra test --extra dev -o requirements/dev.txt; \
	$(lock_command) --group build --extra postgres --extra test -c requirements/dev.txt -o requirements/test.txt; \
	$(lock_command) --group build --extra postgres -c requirements/dev.txt -o requirements/run.txt

clean: ## remove the virtual environment and everything that was built
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find mdm matching graphql sync tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment: made once, renewed when the lock or pyproject.toml changes ---

define find_python
  found=; \
  for name in "$(PYTHON)" python3.14 python3.13 python3.12 python3.11 python3 python; do \
    test -n "$$name" || continue; \
    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$name; break; fi; \
    if test "$$name" = "$(PYTHON)"; then echo "$(PYTHON) is no Python of version 3.11 or newer; name another with make PYTHON=/path/to/python3." >&2; exit 1; fi; \
  done; \
  if test -z "$$found"; then echo "No Python of version 3.11 or newer was found: install one (Debian, Ubuntu: apt install python3 python3-venv), or name it with make PYTHON=/path/to/python3." >&2; exit 1; fi
endef

# A folder that works is kept: only a missing or broken environment is made anew.
$(python):
	@$(find_python); \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	if test -n "$(uv)"; then "$(uv)" venv --quiet --clear --python "$$found" $(VENV); \
	elif "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then "$$found" -m venv --clear $(VENV); \
	else echo "$$found cannot make virtual environments: install its venv package (Debian, Ubuntu: apt install python3-venv) or uv, then run make again." >&2; exit 1; fi

# $(1): the requirements file. The project itself comes last, without dependencies, and is editable.
define install
  @echo "Installing $(1) into $(VENV)"
  @if test -n "$(uv)"; then \
    "$(uv)" pip install --quiet --python $(python) --require-hashes -r $(1) && \
    "$(uv)" pip install --quiet --python $(python) --no-deps --no-build-isolation -e .; \
  else \
    $(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
    $(python) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
  fi
  @touch $@
endef

$(VENV)/.ready-run: requirements/run.txt pyproject.toml | $(python)
	$(call install,requirements/run.txt)

$(VENV)/.ready-test: requirements/test.txt pyproject.toml | $(python)
	$(call install,requirements/test.txt)

$(VENV)/.ready-dev: requirements/dev.txt pyproject.toml | $(python)
	$(call install,requirements/dev.txt)
