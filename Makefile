# Two commands, each doing its own set-up in .venv: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock

.PHONY: run test soak check gate lock clean

run: $(VENV)/.run ## the Telegram bot where TELEGRAM_BOT_TOKEN is set, else a conversation in the terminal
	@$(BIN)/iqtibas run

test: $(VENV)/.dev ## every test that is quick
	@$(BIN)/pytest

soak: $(VENV)/.dev ## the long trials, some ten minutes: load, faults, kills, random updates, a full disk
	@$(BIN)/pytest -m soak -n 0 -v -s

check: $(VENV)/.dev ## style, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

gate: $(VENV)/.dev ## the figures on question sets, cross-validated, against their floors: make gate DATA=FOLDER
	@$(INSTALL) --editable '.[dev,train]'
	@folds=$$(mktemp -d) && trap 'rm -rf "$$folds"' EXIT && \
		$(BIN)/python benchmarks/train.py "$(DATA)" --folds "$$folds" && \
		$(BIN)/python benchmarks/quality.py "$(DATA)" --folds "$$folds" --gate

lock: $(VENV)/.dev ## the versions that were tested, without naming where they come from
	@$(BIN)/pip freeze --exclude-editable --exclude pip --exclude setuptools > requirements.lock

clean:
	rm -rf $(VENV)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: pyproject.toml requirements.lock | $(VENV)/.made
	@echo "Installing into $(VENV)…" >&2
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml requirements.lock | $(VENV)/.made
	@echo "Installing into $(VENV), with what the tests need…" >&2
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.run
