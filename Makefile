# `make run` and `make test` do everything themselves on a machine with Python >= 3.11, make and gcc.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.PHONY: install run test check bench crash lock clean
.DEFAULT_GOAL := run

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Feedbell needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# With a token (in the environment or .env): the bot. Without: the sandbox.
run: $(STAMP)
	@if [ -n "$$FEEDBELL_TOKEN" ] || grep -qsE '^FEEDBELL_TOKEN=.+' .env; then exec $(BIN)/python -m bot run; \
	else exec $(BIN)/python -m bot sandbox; fi

# On every core, whole files at a time; the crash test, the longest, is among the first.
test: $(STAMP)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m tests.bench

# Kills the bot a hundred times while feeds publish and Telegram fails, and counts what arrived.
crash: $(STAMP)
	$(BIN)/python -m tests.crash

# Names, versions and hashes for every platform; no addresses.
lock: $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
		--no-emit-index-url --no-header --no-annotate pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
