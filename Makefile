# The two commands: `make run` opens the product, `make test` proves it. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip
WEB := $(shell git ls-files web/src web/index.html web/*.ts web/*.json 2>/dev/null)
DEMO ?= data/demo

.PHONY: help run test check bench lock types clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: .venv/.run src/karat/server/static/index.html ## Set everything up and open Karat with a demo workspace on 127.0.0.1:8080
	@$(BIN)/karat demo --data $(DEMO) $(ARGS)

test: .venv/.test src/karat/server/static/index.html ## Set everything up and pass every test
	@$(BIN)/python tools/test.py $(ARGS)

check: .venv/.test src/karat/server/static/index.html ## Style, types, import directions, sorted lists, docs
	@$(BIN)/python tools/check.py

bench: .venv/.test src/karat/server/static/index.html ## Every figure, one after the other (takes hours)
	@$(BIN)/python -m bench $(ARGS)

lock: .venv/.test ## Pin the dependencies anew
	$(UV) compile -q --universal --generate-hashes --no-header --python-version 3.11 --group web --extra documents pyproject.toml -o requirements/run.txt
	$(UV) compile -q --universal --generate-hashes --no-header --python-version 3.11 --group dev pyproject.toml -o requirements/dev.txt

types: .venv/.test src/karat/server/static/index.html ## Regenerate what the code says of itself: docs/reference, the OpenAPI document, the front end's types
	$(BIN)/python tools/reference.py
	$(BIN)/python hatch_build.py npm run types

clean: ## Remove what was built
	rm -rf .venv web/node_modules src/karat/server/static dist build

.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Karat needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Run: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv .venv || { echo "python3 -m venv does not work here; on Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.run: .venv/bin/uv requirements/run.txt pyproject.toml
	@echo "Installing Karat …"
	@$(UV) install -q --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) install -q --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/.test: .venv/.run requirements/dev.txt
	@echo "Installing what the tests need …"
	@$(UV) install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

src/karat/server/static/index.html: .venv/.run web/package-lock.json $(WEB)
	@echo "Building the front end …"
	@$(BIN)/python hatch_build.py > .venv/web-build.log 2>&1 || { cat .venv/web-build.log; exit 1; }
	@touch $@
