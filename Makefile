# Every target sets itself up. Needs Python 3.11 or newer with venv and pip, make and git; nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
EXAMPLE ?= src/magnes/examples/anna

.PHONY: demo serve test lint check lock knowledge datapackage peers calibrate validate bench safety survey usual coverage-usual cohort trials fuzz clean test-postgres test-faults test-browser screenshots load

demo: $(VENV)/.base  ## a plan for an invented person, in Dutch, with an HTML report
	@mkdir -p out
	@$(BIN)/magnes plan $(EXAMPLE).toml --diary $(EXAMPLE).csv --lang nl --html out/report.html
	@echo "$(CURDIR)/out/report.html"

serve: $(VENV)/.web  ## the web app on this computer
	$(BIN)/magnes serve

JOBS ?= 2
test: $(VENV)/.dev  ## all tests, with coverage of the science
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report=term:skip-covered

lint: $(VENV)/.dev  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## everything that CI runs

$(VENV)/.venv:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: $(VENV)/.venv requirements/build.lock requirements/base.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements/build.lock -r requirements/base.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.lock
	$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

$(VENV)/.web: $(VENV)/.base requirements/web.lock
	$(PIP) install --require-hashes -r requirements/web.lock
	@touch $@

$(VENV)/.peers: $(VENV)/.venv requirements/peers.lock
	$(PYTHON) -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/peers.lock
	@touch $@

lock: $(VENV)/.venv  ## pin all requirements again
	$(PIP) install uv
	for name in build base survey web dev peers; do \
	  case $$name in \
	    build) from="requirements/build.in" ;; \
	    peers) from="requirements/peers.in pyproject.toml" ;; \
	    base) from="pyproject.toml" ;; \
	    survey) from="pyproject.toml --extra survey" ;; \
	    web) from="pyproject.toml --extra web --extra postgres" ;; \
	    dev) from="pyproject.toml --extra survey --group dev" ;; \
	  esac; \
	  $(BIN)/uv pip compile $$from --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --quiet -o requirements/$$name.lock || exit 1; \
	done

RAW ?= ../shared
knowledge: $(VENV)/.dev  ## rebuild the shipped tables from the raw ones: make knowledge RAW=folder
	cd tools && ../$(BIN)/python fit_absorption.py --shared $(abspath $(RAW))
	cd tools && ../$(BIN)/python kitchen.py --shared $(abspath $(RAW))
	cd tools && ../$(BIN)/python import_targets.py --shared $(abspath $(RAW))
	cd tools && ../$(BIN)/python build_knowledge.py --shared $(abspath $(RAW))
	cd tools && ../$(BIN)/python compare_facts.py --shared $(abspath $(RAW)) --out ../docs/validation/facts.md
	cd tools && ../$(BIN)/python pick_examples.py --shared $(abspath $(RAW))

datapackage: $(VENV)/.base $(VENV)/.peers  ## export all tables and let frictionless validate them
	$(BIN)/magnes knowledge export out/datapackage
	$(VENV)/peers/bin/frictionless validate out/datapackage/datapackage.json

peers: $(VENV)/.peers  ## the body model in other programs, and beside the published rat model
	PYTHONPATH=src $(VENV)/peers/bin/python -m pytest -p no:cacheprovider tests/peers
	PYTHONPATH=src:tests/peers $(VENV)/peers/bin/python tests/peers/exported/compare.py --out docs/validation/peers.md
	PYTHONPATH=src:tests/peers $(VENV)/peers/bin/python -W ignore tests/peers/exported/petab_check.py --out docs/validation/petab.md
	PYTHONPATH=src:tests/peers $(VENV)/peers/bin/python tests/peers/rat/human.py

usual: $(VENV)/.dev  ## usual intake and scenarios beside the reference and lme4 (R): make usual RAW=folder
	$(BIN)/python tests/bench/bench_usual.py --survey $(RAW)/survey --out docs/validation/usual.md
	$(BIN)/python tests/bench/bench_scenarios.py --survey $(RAW)/survey --out docs/validation/scenarios.md
	@if command -v Rscript >/dev/null && Rscript -e 'library(lme4)' >/dev/null 2>&1; then \
	  OMP_NUM_THREADS=1 PYTHONPATH=tests/cases $(BIN)/python tests/bench/bench_usual_peers.py --out docs/validation/usual_peers.md; \
	else echo "lme4: skipped, R is missing (Debian packages: r-base-core, r-cran-lme4)"; fi

SAMPLES ?= 500
coverage-usual: $(VENV)/.dev  ## whether intervals of usual intake hold a known truth (hours): make coverage-usual SAMPLES=500
	rm -f build/usual.jsonl
	for truth in model gamma fortified; do for people in 500 2000 5000; do \
	  $(BIN)/python tools/validate_usual.py run --truth $$truth --people $$people --samples $(SAMPLES) --seconds 1e6 || exit 1; \
	done; done
	$(BIN)/python tools/validate_usual.py write

cohort: $(VENV)/.dev  ## time and memory of cohorts of 1,000 and 10,000 people: make cohort RAW=folder
	$(BIN)/python tests/bench/bench_cohort.py --survey $(RAW)/survey --out out/cohorts

trials: $(VENV)/.dev  ## published trials replayed with virtual people: make trials RAW=folder
	@mkdir -p out
	$(BIN)/python tools/replay_trials.py --survey $(RAW)/survey > out/trials.md
	mv out/trials.md docs/validation/trials.md

calibrate: $(VENV)/.dev  ## fit the body model to published experiments again, and write what it then says (an hour)
	cd tools && ../$(BIN)/python calibrate.py fit
	cd tools && ../$(BIN)/python calibrate.py ensemble
	cd tools && ../$(BIN)/python calibrate_effects.py
	cd tools && ../$(BIN)/python validate_body.py

validate: $(VENV)/.dev  ## fitted intervals against virtual people whose bodies are known, and NUTS (two hours)
	cd tools && ../$(BIN)/python validate_fit.py people --folder ../out
	cd tools && ../$(BIN)/python -W ignore validate_fit.py nuts --number 50 --folder ../out
	cd tools && ../$(BIN)/python validate_fit.py summary --folder ../out

bench: $(VENV)/.dev $(VENV)/.peers  ## matching, timetables and the body model against peers, time and accuracy
	$(BIN)/python tests/bench/bench_matching.py
	PYTHONPATH=src:tests/cases $(BIN)/python tests/bench/bench_timetable.py
	PYTHONPATH=src:tests/cases $(BIN)/python tests/bench/bench_answer.py --out docs/validation/answer.md
	PYTHONPATH=src $(VENV)/peers/bin/python tests/bench/bench_body.py

safety: $(VENV)/.dev  ## gates: branches, mutants, 10,000 random people (an hour and more)
	$(BIN)/python -m pytest -q tests/advice/test_gates.py --cov=magnes.advice.gates --cov-branch --cov-fail-under=100
	$(BIN)/python tools/mutate.py magnes.advice.gates
	-$(BIN)/python tools/mutate.py magnes.advice.safety
	PYTHONPATH=tests/cases $(BIN)/python tests/bench/bench_safety.py

HAS_POSTGRES = command -v initdb || ls /usr/lib/postgresql/*/bin/initdb

test-postgres: $(VENV)/.dev  ## the store on a real PostgreSQL; as root it installs the Debian package when there is none
	@if ! ($(HAS_POSTGRES)) >/dev/null 2>&1 && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	  apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1 || true; fi
	@if ($(HAS_POSTGRES)) >/dev/null 2>&1; then \
	  $(BIN)/python -m pytest -q -m postgres tests/store tests/faults; \
	else echo "test-postgres: skipped, PostgreSQL is missing (Debian package: postgresql)"; fi

test-faults: $(VENV)/.dev  ## kill -9, full disk, read-only folder, PostgreSQL restarted: many of each (ten minutes)
	MAGNES_FULL_FAULTS=1 $(BIN)/python -m pytest -q tests/faults

test-browser: $(VENV)/.dev  ## the web app in a real browser (ten minutes)
	@if found=$$(sh tests/browser/find_chromium.sh); then \
	  export CHROMIUM="$$found"; $(BIN)/python -m pytest -q -m browser tests/browser || \
	  { echo "once more what failed: a browser on a busy computer"; $(BIN)/python -m pytest -q -m browser --lf tests/browser; }; fi

screenshots: $(VENV)/.dev  ## pictures of each page for docs/web.md
	@if found=$$(sh tests/browser/find_chromium.sh); then \
	  CHROMIUM="$$found" $(BIN)/python tests/browser/screenshots.py docs/img/web; fi

MINUTES ?= 5
load: $(VENV)/.dev  ## 50 simulated clients on this computer: make load MINUTES=5
	PYTHONPATH=tests/browser $(BIN)/python tests/bench/bench_web.py --minutes $(MINUTES) --out docs/validation/web.md

survey: $(VENV)/.dev  ## assess a whole survey: make survey RAW=folder
	$(BIN)/magnes survey $(RAW)/survey --out out/survey.parquet

fuzz: $(VENV)/.dev  ## many made-up requests to every route of the web app (half an hour)
	MAGNES_FUZZ=50 MAGNES_WALK=1000 $(BIN)/python -m pytest -q -s tests/apps/web/test_fuzz.py tests/apps/web/test_security_walk.py

clean:
	rm -rf $(VENV) out build dist
