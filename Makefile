# The door to the project: `make demo` and `make test` need nothing else.
# A bare Debian 12 with python3-venv, git and make is enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-done
LOCK := requirements/development.lock
# The order of the tests: the same at each run of the gate; `make test SEED=default` draws another.
SEED ?= 20261122

.PHONY: setup demo test check bench bench-full lock clean

setup: $(STAMP)

$(STAMP): $(LOCK) pyproject.toml
	@PYTHON=$(PYTHON) sh scripts/setup.sh $(VENV) $(LOCK)
	@touch $@

demo: setup
	@$(BIN)/guichet demo

test: setup
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --randomly-seed=$(SEED)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy guichet
	$(BIN)/lint-imports
	$(BIN)/guichet makemigrations --check --dry-run
	@$(MAKE) --no-print-directory test

bench: setup
	@$(BIN)/python -m bench

bench-full: setup
	@$(BIN)/python -m bench --full $(NAME)

lock: setup
	$(BIN)/python -m pip install --quiet uv
	for name in production development; do \
	  $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.lock; \
	done
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 requirements/spark.in -o requirements/spark.lock

clean:
	rm -rf $(VENV) build *.egg-info
