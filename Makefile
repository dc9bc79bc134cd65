# Everything a newcomer needs: make demo, make test. Nothing but git, make and Python 3.11 or newer is expected.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
ENGLISH := app/translations/en/LC_MESSAGES/messages.mo
SOURCES := app question_bank courses certificates migrations tests scripts bench

.PHONY: demo serve setup test check format screenshots bench-bank messages clean

demo: .venv/.runs $(ENGLISH)
	$(BIN)/bikao demo

serve: .venv/.runs $(ENGLISH)
	$(BIN)/bikao serve

setup: .venv/.develops $(ENGLISH)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bikao needs Python 3.11 or newer: make PYTHON=python3.12 demo"; exit 1; }
	$(PYTHON) -m venv .venv

# What running needs
.venv/.runs: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing pinned dependencies into .venv (once) ..."
	$(PIP) -e .
	@touch $@

%.mo: %.po .venv/.runs
	$(BIN)/pybabel --quiet compile --directory app/translations

# What testing needs besides
.venv/.develops: .venv/.runs
	$(PIP) -e '.[dev]'
	@touch $@

test: .venv/.develops $(ENGLISH)
	$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/.develops
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_migrations.py
	$(BIN)/python scripts/check_translations.py

format: .venv/.develops
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

screenshots: .venv/.develops $(ENGLISH)
	BIKAO_SCREENSHOTS=docs/screenshots $(BIN)/pytest tests/browser -q

# A bank of 100,000 questions beside one of 1,000, on SQLite and PostgreSQL; about a quarter of an hour
bench-bank: .venv/.develops $(ENGLISH)
	$(BIN)/python -m bench.bank

# Collect new texts into the English catalogue; then translate what is empty
messages: .venv/.develops
	$(BIN)/pybabel --quiet extract --no-location --sort-output -F babel.cfg -k _l -k lazy_gettext -o build-messages.pot app
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete -w 0 -i build-messages.pot -d app/translations -l en
	rm build-messages.pot
	$(BIN)/pybabel --quiet compile --directory app/translations

clean:
	rm -rf .venv instance build *.egg-info
