# make run: the bundled sample, end to end. make test: all tests. Both set up .venv first; the second time at once.
PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := UV_CACHE_DIR=$(CURDIR)/$(VENV)/.uv-cache UV_LINK_MODE=copy $(BIN)/uv

# These tests run beside all others.
SLOW := tests/dbt tests/flows tests/gate tests/main_job

.PHONY: run test lint bench setup browser clean
.DEFAULT_GOAL := run

run: setup
	$(BIN)/gongkai run

test: setup lint
	$(BIN)/python -m pytest -q -p no:cacheprovider $(SLOW) & first=$$!; \
	$(BIN)/python -m pytest -q $(filter-out $(addsuffix /,$(SLOW)),$(wildcard tests/*/)); second=$$?; \
	wait $$first && exit $$second

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint dbt_project
	$(BIN)/python -m flows.model_lint

# A browser and a Chinese font for the tests of the dashboards, on Debian and its kin. Without them these tests skip.
browser:
	command -v chromium && fc-list :lang=zh | grep -q . || { \
		$(if $(filter 0,$(shell id -u)),,sudo) apt-get update --quiet && \
		$(if $(filter 0,$(shell id -u)),,sudo) apt-get install --quiet --yes --no-install-recommends \
			chromium fontconfig fonts-noto-cjk; }

# Speed of the reader as ratios, in a venv of its own (the peers are no dependencies of the project). Never a test.
bench: $(BENCH)/.ready
	PYTHONPATH=. $(BENCH)/bin/python -m benchmarks

$(BENCH)/.ready: requirements-bench.txt
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
		-r requirements-bench.txt
	touch $@

setup: $(READY)

# Every package is checked against its hash. uv compiles the bytecode while it installs (Great Expectations starts in
# half the time with it); where uv does not work, pip does the same more slowly.
$(READY): requirements.txt requirements-bootstrap.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
		-r requirements-bootstrap.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.txt \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
			-r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps --no-build-isolation \
		--editable .
	rm -rf $(VENV)/.uv-cache
	touch $(READY)

clean:
	rm -rf $(VENV) $(BENCH) warehouse
