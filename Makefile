# Everything goes through .venv; the package is always installed as the wheel a user would get.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: help demo test lint lanes pictures bench lock clean
unexport PYTHONPATH

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.lock
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# folders too, since a file taken away changes nothing else
SOURCES := $(shell find cmme_xl macros workbook_templates -name __pycache__ -prune -o -print) README.md LICENSE

help:
	@echo "make demo      the whole story on a made-up engagement, into demo/"
	@echo "make test      lint, types, layers and every test against the installed wheel"
	@echo "make lint      ruff, mypy and the layers only"
	@echo "make lanes     install what the extra tests need: LibreOffice, Chinese fonts, the Open XML SDK"
	@echo "make pictures  every page of demo/'s workbooks as a picture, into demo/pictures/"
	@echo "make bench     the measurements"
	@echo "make lock      pin the newest versions that pyproject.toml allows"
	@echo "make clean     remove everything made here but demo/"

demo: $(VENV)/.wheel
	$(BIN)/cmme-xl demo demo

# the tests also run where lint complains: one run tells everything
test: $(VENV)/.wheel $(VENV)/.dev lanes
	@status=0; $(MAKE) --no-print-directory lint || status=$$?; \
	$(BIN)/pytest -n 2 || status=$$?; exit $$status

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/mypy cmme_xl bench
	$(BIN)/mypy --allow-untyped-defs --allow-incomplete-defs --allow-untyped-calls --allow-any-generics tests tools
	$(BIN)/lint-imports

# what cannot be installed is no failure here: the closing line of `make test` names it
lanes: $(VENV)/.python
	@$(BIN)/python tools/install_libreoffice.py || true
	@if command -v npm >/dev/null; then $(MAKE) -s .lanes/.validator || true; fi

.lanes/.validator: tools/package.json
	@echo "installing the Open XML SDK validator"
	@mkdir -p .lanes
	@cp tools/package.json .lanes/
	@npm install --prefix .lanes --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

pictures: $(VENV)/.python lanes
	$(BIN)/python tools/office.py demo demo/pictures

bench: $(VENV)/.wheel $(VENV)/.dev
	$(BIN)/python bench/run.py

$(VENV)/.python: tools/make_venv.sh
	@tools/make_venv.sh $(VENV)
	@touch $@

$(VENV)/.dev: $(VENV)/.python $(LOCK)
	@echo "installing the development tools"
	@$(PIP) install -r $(LOCK)
	@touch $@

# the same version again would not be reinstalled, hence the uninstall
$(VENV)/.wheel: $(VENV)/.python $(LOCK) pyproject.toml $(SOURCES)
	@echo "installing the package"
	@rm -rf build/wheel
	@$(PIP) install -c $(LOCK) hatchling
	@$(PIP) wheel --no-deps --no-build-isolation -w build/wheel .
	@$(PIP) uninstall -y cmme-xl
	@$(PIP) install -c $(LOCK) build/wheel/cmme_xl-*.whl
	@touch $@

lock:
	@tools/make_venv.sh build/lock
	@build/lock/bin/python -m pip -qq install '.[dev]'
	@{ echo '# Every version that development, tests and the demo are run with; made by `make lock`'; \
	   build/lock/bin/python -m pip freeze --exclude cmme-xl; } > $(LOCK)

clean:
	rm -rf $(VENV) .lanes build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find cmme_xl tests tools -name __pycache__ -prune -exec rm -rf {} +
