# The same small commands for people and for CI. Each does its own set-up.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: sandbox run test test-all check texts lock chromium

sandbox: .venv/ready ## everything on this machine, no token: http://127.0.0.1:8080/
	$(BIN)/python -m bot sandbox

run: .venv/ready ## the bot itself; reads .env
	$(BIN)/python -m bot run

test: .venv/ready-dev chromium ## all checks and tests, on SQLite and PostgreSQL (every other conversation), in a real browser
	$(MAKE) check
	$(BIN)/python -m pytest -n 3 --dist worksteal --postgresql half

test-all: .venv/ready-dev chromium ## the same, with every conversation on both databases
	$(MAKE) check
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: .venv/ready-dev ## lint, types, layers, texts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

texts: .venv/ready-dev ## bring locales/ up to date with the code
	$(BIN)/python locales/update.py

lock: .venv/ready-dev ## pin the newest allowed versions again, with hashes
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml --group dev -o requirements-dev.txt

chromium: ## the browser that the tests of the sandbox page drive
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	|| { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| echo "No chromium, and no right to install it: the tests in a browser are skipped (apt-get install chromium)."

.venv/ready: requirements.txt
	$(PYTHON) -m venv .venv || { test "$$(id -u)" = 0 && apt-get install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv .venv; }
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@
