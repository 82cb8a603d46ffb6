# make run    serve http://127.0.0.1:7860 (make run ARGS="--port 8000")
# make test   every test, browser included (make test ARGS="tests/store -x"; ARGS="tests/browser --delayed 1.5": answers come late, in any order)
# make check  format, lint, types, floors
# make sheets contact sheets of what Sketch paints, in .cache/sheets (make sheets ARGS=styles)
# make bench  every benchmark (make bench ARGS=... goes to each of them)
# The first of them sets up .venv; nothing else is needed than Python 3.11 or newer.

VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=
LIBRARIES := timing bare house speaker door
BENCHMARKS := $(filter-out __init__ $(LIBRARIES),$(basename $(notdir $(wildcard benchmarks/*.py))))

.PHONY: run test check format sheets bench clean

run:
	@$(call installed,requirements.txt)
	@exec $(PY) app.py $(ARGS)

test:
	@$(call installed,requirements.txt requirements-dev.txt)
	@$(PY) -m tests.browser.chromium || test "$$CI" != true
	@$(PY) -m pytest -n 2 --dist loadfile $(ARGS)

check:
	@$(call installed,requirements.txt requirements-dev.txt)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

format:
	@$(call installed,requirements.txt requirements-dev.txt)
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

sheets:
	@$(call installed,requirements.txt)
	@$(PY) assets/sheets.py $(ARGS)

bench:
	@$(call installed,requirements.txt requirements-dev.txt)
	@set -e; for name in $(BENCHMARKS); do echo "== $$name"; $(PY) -m benchmarks.$$name $(ARGS); done

# What tools leave behind, and the tests' own browser and screens. Neither .venv nor anything that was made with the app.
clean:
	rm -rf .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# Brings .venv up to the requirement files $(1), the last of which names the others. $(VENV)/installed/ holds the files as they were last
# installed. .cache/installing holds the process that is at it: one that is gone was broken off, and its .venv is made anew.
define installed
set -e; mkdir -p .cache; \
while [ -s .cache/installing ] && kill -0 "$$(cat .cache/installing)" 2>/dev/null; do sleep 1; done; \
if [ -e .cache/installing ] || ! $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	$(find-python); \
	echo $$$$ > .cache/installing; \
	echo "Making $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv --clear $(VENV); \
fi; \
changed=; \
for file in $(1); do cmp -s $$file $(VENV)/installed/$$file || changed=yes; done; \
if [ -n "$$changed" ]; then \
	echo $$$$ > .cache/installing; \
	echo "Installing $(lastword $(1)), which takes a minute or two the first time"; \
	$(PY) -m pip install -qq --disable-pip-version-check -r $(lastword $(1)) || { rm .cache/installing; exit 1; }; \
	mkdir -p $(VENV)/installed; cp $(1) $(VENV)/installed/; \
fi; \
rm -f .cache/installing
endef

# The first Python on the PATH that is new enough, as $$python.
define find-python
python=; \
for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
done; \
if [ -z "$$python" ]; then \
	echo "ImageChat needs Python 3.11 or newer, and here is $$(python3 --version 2>&1 || echo none)." >&2; exit 1; \
fi
endef
