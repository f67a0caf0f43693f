# Pekon's commands. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VAR ?= var
PORT ?= 8000

# `make run` is a production server on this machine: only its address and its secret are made up here.
RUN_ENV = DEBUG=false SCHEME=http DOMAIN=localhost:$(PORT) BIND=127.0.0.1:$(PORT) TRUSTED_PROXY_COUNT=0 \
	EMAIL_URL=console: REQUIRE_SECOND_FACTOR=false \
	DATABASE_URL=sqlite:///$(abspath $(VAR))/pekon.sqlite3 VAR_DIR=$(abspath $(VAR)) \
	SECRET_KEY=$$(cat $(VAR)/secret-key)

.DEFAULT_GOAL := help
.PHONY: help run dev test check-discovery coverage lint format bench check-pages screenshots messages lock

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run $(VAR)/secret-key ## serve a demo network at http://localhost:8000
	@$(RUN_ENV) $(BIN)/python manage.py migrate --verbosity 0
	@$(RUN_ENV) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(RUN_ENV) $(BIN)/python manage.py demo
	@echo "  Stop with Ctrl-C."
	@$(RUN_ENV) $(BIN)/python manage.py db_worker --verbosity 0 & worker=$$!; \
		$(RUN_ENV) $(BIN)/gunicorn -c deploy/gunicorn.conf.py pekon.wsgi; kill $$worker 2>/dev/null || true

dev: $(VENV)/.dev ## serve with automatic reload and the debug toolbar
	$(BIN)/python manage.py migrate --verbosity 0
	DOMAIN=localhost:$(PORT) $(BIN)/python manage.py demo
	DOMAIN=localhost:$(PORT) $(BIN)/python manage.py db_worker --no-reload --verbosity 0 & worker=$$!; \
		DOMAIN=localhost:$(PORT) DEVELOPER_TOOLS=true $(BIN)/python manage.py runserver $(PORT); \
		kill $$worker 2>/dev/null || true

test: $(VENV)/.dev ## run every test, on SQLite and PostgreSQL, the browser included
	@tests/run.sh

check-discovery: $(VENV)/.dev ## hold feeds, sitemaps, structured data and the API against their specifications
	EXAMPLES=60 $(BIN)/python -m pytest tests/discovery tests/search/test_judged.py -q

coverage: $(VENV)/.dev ## tell which lines no test runs (twice as slow as testing)
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term-missing:skip-covered

lint: $(VENV)/.dev ## check style, templates and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/mypy

format: $(VENV)/.dev ## put code and templates into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

bench: $(VENV)/.dev ## measure what the documentation claims (some minutes)
	@benchmarks/run.sh

check-pages: $(VENV)/.dev ## judge every kind of page: axe, HTML, widths, Lighthouse (some minutes)
	@VAR=$(VAR) tests/pages/check.sh

screenshots: $(VENV)/.dev ## take the pictures that README shows, of the demo network
	$(BIN)/python -m tests.pages.screenshots $(VAR)/pages

messages: $(VENV)/.dev ## collect the texts to translate, and compile the translations (needs gettext)
	$(BIN)/python manage.py makemessages --locale id --ignore .venv --ignore var --no-location --no-obsolete
	$(BIN)/python manage.py compilemessages --locale id --ignore .venv

lock: $(VENV)/.dev ## write the exact versions of requirements*.in into requirements*.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras -o requirements.txt requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras -o requirements-dev.txt requirements-dev.in

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VAR)/secret-key: | $(VENV)/bin/python
	@mkdir -p $(VAR)
	@umask 077 && $(BIN)/python -c "import secrets; print(secrets.token_hex(32))" > $@
