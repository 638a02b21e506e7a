# Everything this project can be asked to do. `make` on a fresh machine needs make, Python 3 and a package index.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# pyenv's Pythons are found also where no shell start-up file put them on PATH.
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/sam/bin:$(CURDIR)/.tools/pyright/bin:$(PATH):$(HOME)/.pyenv/shims:$(HOME)/.pyenv/bin
export SAM_CLI_TELEMETRY := 0
export PYTHONDONTWRITEBYTECODE := 1
# uv trusts what the machine trusts; an index that the environment names for pip is uv's too.
export UV_SYSTEM_CERTS := 1
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX := $(PIP_INDEX_URL)
endif
unexport VIRTUAL_ENV

PYTHON_VERSION := $(file < .python-version)
UV := .tools/uv/bin/uv
SETUP := .tools/uv.done .tools/sam.done .tools/ministack.done .tools/pyright.done .venv/roots.done

.PHONY: help setup demo test bench outages prove check format build deploy secret verify parked redrive lock clean

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP)

demo: $(SETUP) ## the main job on a local AWS: alarms, faults, redelivery, dead letters and their redrive (KEEP=1 stays up)
	@python -m local.demo $(if $(KEEP),--keep)

test: $(SETUP) ## unit, integration and end-to-end tests
	@python -m pytest -n 2 --dist loadgroup $(ARGS)

bench: $(SETUP) ## what the parts cost; fails if a bound does not hold (ONLY=policy)
	@for one in $(or $(ONLY),policy); do python -m benchmarks.$$one; done

outages: $(SETUP) ## what outages of Slack cost, in virtual time; fails if a bound does not hold
	@python -m benchmarks.outages

prove: $(SETUP) .tools/prove.done ## the long proofs: 50,000 schedules, each permission taken away, branch coverage of the policies, broken lines (1 h)
	@python -m tests.prove.conservation $(SEED)
	@python -m tests.prove.broken_promises
	@python -m tests.prove.statements
	@python -m coverage run --source retry_policies --data-file .coverage.prove -m pytest -q tests/unit/retry_policies
	@python -m coverage report --data-file .coverage.prove --fail-under 100 --show-missing
	@python -m tests.prove.mutations

check: $(SETUP) ## format, lint, types, import contracts, template
	@ruff format --check --quiet . || { echo "make format would change the files above"; exit 1; }
	@ruff check --quiet .
	@mypy
	@lint-imports --no-cache
	@cfn-lint template.yaml
	@sam validate --lint --template template.yaml --region eu-west-1

format: $(SETUP) ## format the code and apply the fixes that are safe
	@ruff format --quiet .
	@ruff check --fix --quiet .

build: $(SETUP) ## sam build for the cloud (PARAMETERS="Architecture=x86_64 …" as for deploy)
	@sam build --config-env prod $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))

deploy: build ## deploy to your AWS account: asks for what it needs (PARAMETERS="Name=value …" for the other settings)
	@PARAMETERS="$(PARAMETERS)" python -m local.deploy

secret: $(SETUP) ## store a destination's webhook or bot token, without echo: make secret STACK=holdfast
	@python -m local.secret

verify: $(SETUP) ## send one test alert down the deployed road and wait until it is delivered: make verify STACK=holdfast
	@python -m local.verify $(STACK)

parked: $(SETUP) ## list what was refused for good, why and since when: make parked STACK=holdfast (JSON=1)
	@python -m local.parked $(STACK) $(if $(JSON),--json)

# The function itself takes the same from anybody: sam remote invoke RedriveFunction --stack-name holdfast \
#   --event '{"queue": "parking", "dry_run": true, "reasons": ["destination_refused"], "older_than": 60, "limit": 10}'
redrive: $(SETUP) ## send back what was not delivered: make redrive STACK=holdfast (QUEUE=parking REASON=… OLDER_THAN=… LIMIT=… RUN=1)
	@python -m local.redrive $(STACK) $(if $(QUEUE),--queue $(QUEUE)) $(if $(REASON),--reason $(REASON)) \
		$(if $(OLDER_THAN),--older-than $(OLDER_THAN)) $(if $(LIMIT),--limit $(LIMIT)) $(if $(RUN),--run)

lock: .tools/uv.done ## compile the hashed requirement files anew from their .in files
	@for one in uv sam ministack pyright dev prove; do $(UV) pip compile --quiet --upgrade --universal --python-version $(PYTHON_VERSION) \
		--generate-hashes --no-header -c layers/retry/requirements.txt requirements/$$one.in -o requirements/$$one.txt; done

clean: ## remove everything make has made
	rm -rf .venv .tools .aws-sam .local .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# --- set-up: uv from the package index, then one virtual environment per hashed requirement file ---

.tools/uv.done: requirements/uv.txt
	@echo "set-up: uv"
	@python3 -m venv --clear .tools/uv || { echo "python3 cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)"; exit 1; }
	@.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< \
		|| { echo "the package index cannot be reached: the first run needs it (pip says why above)"; exit 1; }
	@touch $@

define environment # $(1) folder, $(2) requirement file
	@echo "set-up: $(2)"
	@$(UV) python find --quiet --no-python-downloads $(PYTHON_VERSION) > /dev/null \
		|| { echo "Python $(PYTHON_VERSION) is needed on PATH: sam build uses the version that runs in Lambda"; exit 1; }
	@$(UV) venv --quiet --clear --no-python-downloads --python $(PYTHON_VERSION) $(1)
	@$(UV) pip sync --quiet --require-hashes --python $(1) $(2)
endef

.tools/%.done: requirements/%.txt .tools/uv.done
	$(call environment,.tools/$*,$<)
	@touch $@

.venv/dev.done: requirements/dev.txt .tools/uv.done
	$(call environment,.venv,$<)
	@touch $@

.venv/roots.done: pyproject.toml .venv/dev.done
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python .venv --editable .
	@touch $@
