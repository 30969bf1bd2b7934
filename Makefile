# Two commands for a newcomer: `make demo` and `make test`. Everything else is for contributors.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WITHOUT_LIBREOFFICE ?=
WITHOUT_BROWSERS ?=
BENCH ?=
NPM := web/node_modules/.package-lock.json
# Tests wait a third of their time for programs that they started: one process more than processors.
WORKERS = $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
# Tests start some hundred Pythons; without compiled modules each would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test web lint-web style types site bench-page quick coverage lint format docs reference templates samples pictures clean prove mutate person fuzz hostile fuzz-guided bench test-xlsxwriter

# Environment for the main job: the package and what it needs, nothing more.
$(VENV)/demo.done: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

# Environment for contributors: tests, types, lint.
$(VENV)/dev.done: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/demo.done

demo: $(VENV)/demo.done
	$(BIN)/kdcl-xl demo demo

# LibreOffice drives part of the tests. It is installed from the system's packages when missing;
# where that is not possible, `make test WITHOUT_LIBREOFFICE=1` goes without and says what did not run.
# The page is built and tried in real browsers, which are installed alike; `make test WITHOUT_BROWSERS=1`
# goes without.
test: $(VENV)/dev.done
	@if [ -z "$(WITHOUT_LIBREOFFICE)" ]; then bash tests/install_libreoffice.sh || { \
	  echo "LibreOffice is missing: its tests cannot run. Go without: make test WITHOUT_LIBREOFFICE=1" >&2; exit 1; }; fi
	@if [ -z "$(WITHOUT_BROWSERS)" ]; then { bash tests/install_node.sh && bash tests/install_browsers.sh; } || { \
	  echo "Node or a browser is missing: the page cannot be tried. Go without: make test WITHOUT_BROWSERS=1" >&2; \
	  exit 1; }; fi
	$(MAKE) --no-print-directory -j2 lint site $(if $(WITHOUT_BROWSERS),,web)
	KDCL_XL_WITHOUT_LIBREOFFICE=$(WITHOUT_LIBREOFFICE) KDCL_XL_WITHOUT_BROWSERS=$(WITHOUT_BROWSERS) \
	  $(BIN)/pytest -n $(WORKERS)

# The page: one HTML file with everything inside, into dist/. The same sources give the same bytes. Needs
# Node's npm and PyPI, from which pinned packages are taken; their hashes are compared.
web: $(VENV)/demo.done $(NPM)
	$(BIN)/python web/build.py

$(NPM): web/package-lock.json
	bash tests/install_node.sh
	cd web && npm ci --silent
	touch $@

# Layout and types of the page's scripts, in seconds.
lint-web: $(NPM)
	cd web && node_modules/.bin/prettier --check --log-level warn src/*.js src/*.css && node_modules/.bin/tsc -p .

# For everyday work: no LibreOffice, no browsers, no long proofs.
quick: $(VENV)/dev.done
	$(BIN)/pytest -n $(WORKERS) -m 'not slow and not libreoffice and not browser'

# Covered lines of the three packages, of the tests of `make quick`; below the floor in pyproject.toml it fails.
coverage: $(VENV)/dev.done
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) -m 'not slow and not libreoffice and not browser'
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: types style $(if $(shell command -v npm),lint-web)
	@command -v npm >/dev/null || \
	  echo "npm is missing: the scripts in web/ were not looked at (bash tests/install_node.sh)" >&2

style: $(VENV)/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tests.project.words
	$(BIN)/lint-imports

types: $(VENV)/dev.done
	$(BIN)/mypy

format: $(VENV)/dev.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The documentation on this machine, built again when a page changes. `make test` builds it with --strict,
# into build/site, which also reads from a folder.
docs: $(VENV)/dev.done
	$(BIN)/zensical serve

site: $(VENV)/dev.done
	$(BIN)/zensical build --strict

# The pages of the documentation that the program writes itself: after a change of a command, a rule, a form,
# a setting, a regulation, an exit code or what is printed as JSON.
reference: $(VENV)/dev.done
	$(BIN)/python docs/make_reference.py

# The long proof that sheet and checker agree: every formula cell of whole workbooks in LibreOffice, IronCalc,
# HyperFormula and Gnumeric, then 30,000 rows typed over in two LibreOffices. A program that is missing is
# named, and counts as a failure. For more of each: python -m tests.proof --books 80 --rows 200000
prove: $(VENV)/dev.done
	-bash tests/install_libreoffice.sh
	-bash tests/install_judges.sh
	$(BIN)/python -m tests.proof

# The workbook in a person's hands: LibreOffice by window, keys, mouse and clipboard on a screen without
# glass, in Vietnamese and US regional settings. Where a scenario fails, build/person has the picture.
person: $(VENV)/dev.done
	bash tests/install_libreoffice.sh
	bash tests/install_window_tools.sh
	$(BIN)/pytest -n 0 -m person tests/person

# Faults planted in each half of the expression language and the rules, which the rows of the proof have
# to find; the table goes into the documentation. Half an hour on two cores.
mutate: $(VENV)/dev.done
	$(BIN)/python -m tests.proof.mutants --page docs/phat-trien/mutants.md

# Twenty thousand damaged workbooks: no crash, no hang, no value read that is not there.
fuzz: $(VENV)/dev.done
	$(BIN)/python -m tests.xlsx.fuzz --mutants 20000 --jobs 2

# Every kind of hostile input: processor time, memory, and what the user reads of it. Five minutes.
hostile: $(VENV)/dev.done
	$(BIN)/python -m tests.hostile

# A coverage-guided fuzzer on each reader, so many seconds each. Atheris has wheels for Linux and Python 3.11 to 3.13.
GUIDED ?= 600
fuzz-guided: $(VENV)/dev.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'atheris>=3,<4'
	$(BIN)/python -m tests.hostile.guided --seconds $(GUIDED)

# XlsxWriter's private parts on the oldest and the newest release that pyproject.toml allows, or on one:
# make test-xlsxwriter XLSXWRITER='==3.2.9'. Each release gets an environment of its own.
XLSXWRITER ?= ==3.2.1 <4
test-xlsxwriter:
	for release in $(foreach release,$(XLSXWRITER),'$(release)'); do \
	  $(PYTHON) -m venv --clear build/xlsxwriter && \
	  build/xlsxwriter/bin/python -m pip install --quiet --disable-pip-version-check --editable . \
	    "xlsxwriter$$release" pytest pytest-xdist hypothesis && \
	  build/xlsxwriter/bin/python -m pip freeze | grep -i xlsxwriter && \
	  build/xlsxwriter/bin/python -m pytest -n 0 tests/xlsx/test_xlsxwriter_private.py \
	    tests/xlsx/test_long_rows.py tests/template/test_series.py || exit 1; done

# Times and memory beside pandas and openpyxl, into benchmarks/RESULTS.md: a quarter of an hour on a quiet
# machine; with BENCH=full, 2,000 schools too, an hour.
$(VENV)/bench.done: $(VENV)/dev.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

bench: $(VENV)/bench.done
	$(BIN)/python -m benchmarks.district --data build/bench --schools 60 200 $(if $(filter full,$(BENCH)),2000)

# Processor time of the page in Chromium beside that of the command line; a few minutes.
bench-page: $(VENV)/dev.done web
	bash tests/install_browsers.sh
	$(BIN)/python -m benchmarks.page

# The blank templates that are kept in the repository, for people who have no Python.
templates: $(VENV)/demo.done
	$(BIN)/python -m kdcl_xl.template.blank_templates

# Type the sample data into fresh templates with LibreOffice itself.
samples: $(VENV)/dev.done
	bash tests/install_libreoffice.sh
	$(BIN)/python samples/make_samples.py

# The pictures of the documentation, printed from the demo by LibreOffice; needs poppler-utils too.
pictures: $(VENV)/demo.done
	bash tests/install_libreoffice.sh
	$(BIN)/python docs/make_pictures.py

clean:
	rm -rf $(VENV) demo dist build .cache .coverage .coverage.* .import_linter_cache .mypy_cache .ruff_cache \
	  .pytest_cache .hypothesis web/node_modules kdcl_xl/page/kdcl-xl.html
