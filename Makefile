# Pekon's commands. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VAR ?= var
PORT ?= 8000

# `make run` is a production server on this machine; only its address and its secret are made up here.
RUN_ENV = DEBUG=false SCHEME=http DOMAIN=localhost:$(PORT) BIND=127.0.0.1:$(PORT) TRUSTED_PROXY_COUNT=0 \
	EMAIL_URL=console: REQUIRE_SECOND_FACTOR=false \
	DATABASE_URL=sqlite:///$(abspath $(VAR))/pekon.sqlite3 VAR_DIR=$(abspath $(VAR)) \
	SECRET_KEY=$$(cat $(VAR)/secret-key)

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(MAKEFILE_LIST))

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run $(VAR)/secret-key $(VAR)/.static ## serve a demo network at http://localhost:8000
	@$(RUN_ENV) $(BIN)/python manage.py migrate --verbosity 0
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

check-versions: $(VENV)/.dev ## store one story by two editors 500 times over every path, restore 100 versions (some minutes)
	CONFLICTS=500 RESTORES=100 AUTOSAVES=1000 $(BIN)/python -m pytest -q -n 2 \
		tests/newsroom/test_conflicts.py tests/publishing/test_versions.py tests/newsroom/test_working_copies.py

check-discovery: $(VENV)/.dev ## hold feeds, sitemaps, structured data and the API against their specifications
	EXAMPLES=60 THOROUGH=1 $(BIN)/python -m pytest tests/syndication tests/search/test_judged.py -q

check-hostile: $(VENV)/.dev ## attack real servers: every header, slow clients, look-ups, and every text in a browser (some minutes)
	@HOSTILE=all THOROUGH=1 $(BIN)/python -m pytest tests/hostile -n 2 --dist loadgroup && echo "Hostile requests, look-ups and texts: 0 findings"

check-mutants: $(VENV)/.dev ## change the code that guards things, one thing at a time: does a test notice? (an hour or more)
	@VAR=$(abspath $(VAR)) $(BIN)/python -m tests.mutants.check

check-newsroom: $(VENV)/.dev ## walk every page of the newsroom: axe, widths, each address for each role and region (some minutes)
	THOROUGH=1 $(BIN)/python -m pytest -q -n 3 --dist loadgroup -m thorough tests/browser
	THOROUGH=1 $(BIN)/python -m pytest -q -n 3 tests/newsroom/test_permissions.py tests/publishing/test_front_races.py
	@PARTS=newsroom VAR=$(VAR) tests/pages/check.sh

check-install: $(VENV)/.dev ## follow the operators' guide on blank machines, to a published story (root; 10 minutes; SUITE=trixie for Debian 13)
	$(BIN)/python deploy/try/install.py

check-upgrade: $(VENV)/.dev ## upgrade and go back under load: nobody is refused, nothing is lost (root; MINUTES=10 PREVIOUS=commit)
	$(BIN)/python deploy/try/upgrade.py

check-limits: $(VENV)/.dev ## exceed each of nginx's limits that operators are told of
	THOROUGH=1 $(BIN)/python -m pytest -q tests/deploy/test_limits.py

check-restore: $(VENV)/.dev ## back up, damage, kill, restore; recover PostgreSQL to a moment; 100,000 stories and 2,000 photos (STORIES=5000 PHOTOS=100)
	@tests/backup/check.sh

check-outages: $(VENV)/.dev ## cut lines, kill browsers and servers, end sessions, fill disks while somebody writes (200 times; RUNS=20 ONLY="line double")
	$(BIN)/python -m tests.outages.check

check-replica: $(VENV)/.dev ## read pages while the replica that makes them lags for 30 s, hangs, dies and comes back (two minutes)
	$(BIN)/python -m benchmarks.replica

check-faults: $(VENV)/.dev ## kill, hang and lead astray every part under load, then kill web and database 200 times (RUNS=20 ONLY="Redis clock"; as root)
	$(BIN)/python -m benchmarks.fault_table

check-migrations: $(VENV)/.dev ## apply the newest migrations under a running previous release (PREVIOUS=commit) with readers and writers
	$(BIN)/python -m benchmarks.migrating

check-machines: $(VENV)/.dev ## begin photo uploads on one machine and end them on another, with kills between; kill workers (minutes)
	THOROUGH=1 $(BIN)/python -m pytest -q tests/images/test_machines.py tests/background

coverage: $(VENV)/.dev ## tell which lines no test runs (twice as slow as testing)
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term-missing:skip-covered

lint: $(VENV)/.dev ## check style and types: Python, templates, style sheets, scripts
	@VAR=$(VAR) tests/lint.sh

format: $(VENV)/.dev ## put code, templates, style sheets and scripts into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -path templates/readers -prune -o -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2
	$(VAR)/lint/node_modules/.bin/biome check --write || echo "Biome: run 'make lint' once, which installs it"

bench: $(VENV)/.dev ## measure what the documentation claims (some minutes)
	@benchmarks/run.sh

check-pages: $(VENV)/.dev ## judge every kind of page: axe, HTML, widths, Lighthouse (some minutes)
	THOROUGH=1 $(BIN)/python -m pytest -q -n 2 --dist loadgroup -m thorough tests/pages
	@VAR=$(VAR) tests/pages/check.sh

screenshots: $(VENV)/.dev ## take the pictures that README shows, of the demo network
	$(BIN)/python -m tests.pages.screenshots $(VAR)/pages

messages: $(VENV)/.dev ## collect the texts to translate, and compile the translations (needs gettext)
	pekon/locale/collect.sh $(BIN)/python

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

# Packing static files takes 11 seconds, so it is done when one of them, or a package that brings some, has changed.
$(VAR)/.static: $(VENV)/.run pekon/settings.py $(shell find static -type f) | $(VAR)/secret-key
	@$(RUN_ENV) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

$(VAR)/secret-key: | $(VENV)/bin/python
	@mkdir -p $(VAR)
	@umask 077 && $(BIN)/python -c "import secrets; print(secrets.token_hex(32))" > $@
