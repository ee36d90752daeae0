# Two commands, each doing its own set-up in .venv: `make run` and `make test`.
PYTHON ?= python3
PYTHONS := 3.11 3.12 3.13
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
KILLS ?= 200
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
INSTALL := $(PIP) --constraint $(LOCK)

.PHONY: run test browser cluster-test kills soak pythons bounds check gate reader lock clean

run: $(VENV)/.run ## the Telegram bot where TELEGRAM_BOT_TOKEN is set, else a conversation in the terminal
	@$(BIN)/iqtibas run

test: $(VENV)/.dev ## every test that is quick
	@$(BIN)/pytest

browser: $(VENV)/.browser ## the pages in Chromium: read, by keyboard alone, small and large, and what shuts people out
	@IQTIBAS_BROWSER=needed $(BIN)/pytest -n 0 -m browser tests/end_to_end/test_browser.py

cluster-test: $(VENV)/.servers ## what runs on several machines, on servers that the tests start: PostgreSQL; OpenSearch by Maven, Java 17
	@IQTIBAS_SERVERS=needed $(BIN)/pytest -n 0 -m 'cluster and not soak'

kills: $(VENV)/.dev ## the trials that kill it at each step of what it does, KILLS=200 times, half an hour
	@KILLS=$(KILLS) $(BIN)/pytest -m kills -n 0 -v -s

# What measures time runs alone; what it measures is told at once. The others mostly wait, three at once on two cores.
soak: $(VENV)/.dev ## the other long trials, a quarter of an hour: load, floods, faults, random updates, sixty kills, a full disk
	@failed=; \
		$(BIN)/pytest -m 'soak and alone' -n 0 -v -s || failed=yes; \
		$(BIN)/pytest -m 'soak and not alone' -n 3 --dist worksteal -v -rP || failed=yes; \
		[ -z "$$failed" ]

pythons: ## every test that is quick, on each Python that is supported and found, in .venv-VERSION
	@tested=; for version in $(PYTHONS); do \
		python=$$(.ci/python $$version) || continue; \
		echo "Python $$version: $$python" >&2; \
		$(MAKE) --no-print-directory test PYTHON="$$python" VENV=.venv-$$version || exit; \
		tested=yes; \
	done; [ -n "$$tested" ]

bounds: build/lowest.lock ## every test that is quick, with the lowest versions that pyproject.toml allows, in .venv-lowest
	@python=$$(.ci/python $(firstword $(PYTHONS))) && \
		PIP_ONLY_BINARY=:all: $(MAKE) --no-print-directory test PYTHON="$$python" VENV=.venv-lowest LOCK=$<

check: $(VENV)/.dev ## style, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

gate: $(VENV)/.dev ## the figures on question sets, cross-validated, against their floors: make gate DATA=FOLDER
	@$(INSTALL) --editable '.[dev,train]'
	@folds=$$(mktemp -d) && trap 'rm -rf "$$folds"' EXIT && \
		$(BIN)/python benchmarks/train.py "$(DATA)" --folds "$$folds" && \
		$(BIN)/python benchmarks/quality.py "$(DATA)" --folds "$$folds" --gate

reader: $(VENV)/.dev ## trains the networks, some three hours; goes on where it stopped: make reader DATA=FOLDER WORK=DIR
	@$(INSTALL) --editable '.[dev,train]'
	@$(BIN)/python -m benchmarks.reading "$(DATA)" --work "$(WORK)"

lock: $(VENV)/.dev ## the versions that were tested, without naming where they come from
	@$(BIN)/pip freeze --exclude-editable --exclude pip --exclude setuptools > requirements.lock

clean:
	rm -rf $(VENV) $(PYTHONS:%=.venv-%) .venv-lowest build

# pip before 23.3 does not find lxml's extra html-clean under the name by which jusText asks for it, and warns.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) 'pip>=23.3'
	@touch $@

$(VENV)/.run: pyproject.toml $(LOCK) | $(VENV)/.made
	@echo "Installing into $(VENV)… (its command: $(BIN)/iqtibas)" >&2
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(LOCK) | $(VENV)/.made
	@echo "Installing into $(VENV), with what the tests need…" >&2
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.run

# axe-core's script alone is wanted of axe-playwright-python (MIT, the script MPL-2.0), not the browsers that it needs.
$(VENV)/.browser: $(VENV)/.dev
	@$(PIP) --no-deps axe-playwright-python==0.1.8
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
		echo "Installing Chromium…" >&2; \
		apt-get update -q && apt-get install -qy --no-install-recommends chromium fonts-noto-core; \
	} || { echo "make browser needs Chromium: install it, or run this as root on Debian" >&2; exit 1; }
	@touch $@

$(VENV)/.servers: $(VENV)/.dev
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || { \
		echo "Installing PostgreSQL…" >&2; \
		apt-get update -q && apt-get install -qy --no-install-recommends postgresql; \
	} || { echo "make cluster-test needs PostgreSQL: install it, or run this as root on Debian" >&2; exit 1; }
	@touch $@

build/lowest.lock: pyproject.toml .ci/lowest.py
	@mkdir -p build
	@python=$$(.ci/python $(firstword $(PYTHONS))) && "$$python" .ci/lowest.py > $@
