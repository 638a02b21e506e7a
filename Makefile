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
SETUP := .tools/uv.done .tools/sam.done .tools/ministack.done .tools/awscli.done .tools/pyright.done .venv/roots.done

.PHONY: help setup demo test test-sam-local test-deploy test-pythons local-invoke bench outages prove check format build deploy secret verify parked redrive audit sbom lock clean

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP)

demo: $(SETUP) ## the main job on a local AWS: alarms, faults, redelivery, dead letters and their redrive (KEEP=1 stays up)
	@python -m demo.run $(if $(KEEP),--keep)

test: $(SETUP) ## unit, integration and end-to-end tests
	@python -m pytest -n 2 $(ARGS)

test-sam-local: $(SETUP) ## functions in Lambda's container, by sam local; needs a Docker engine
	@python -m tests.support.local_aws.docker_engine
	@python -m pytest -m sam_local $(ARGS) tests/sam_local

test-deploy: $(SETUP) ## deployments on the local AWS: updates under load, each parameter, delete and redeploy (10 min)
	@python -m pytest -m deploy $(ARGS) tests/deploy

# What the tests below hold is how 3.13 words or raises it (3.12 differs), not what our code does with it: the JSON decoder's
# message and its limit of nesting.
OF_3_13 := \
	"tests/unit/notifications/test_event.py::test_d9_what_is_nested_too_deep_to_be_indented_is_shown_as_it_came" \
	"tests/unit/intake/test_routes_errors.py::test_an_error_names_the_field_and_its_rule_and_shows_no_value"

test-pythons: $(SETUP) ## unit and integration tests on Python 3.12 and 3.14, where they are found
	@for version in 3.12 3.14; do \
		python=$$(PYENV_VERSION=$$(pyenv versions --bare 2> /dev/null | grep "^$$version" | tail -1) \
			$(UV) python find --no-project --no-python-downloads $$version 2> /dev/null) \
			|| { echo "Python $$version: not found, nothing tried"; continue; }; \
		$(UV) venv --quiet --clear --python "$${python:?}" .tools/python-$$version; \
		.tools/python-$$version/bin/python --version; \
		$(UV) pip sync --quiet --require-hashes --python .tools/python-$$version requirements/dev.txt; \
		printf '$(CURDIR)/%s\n' functions layers/retry > .tools/python-$$version/lib/python$$version/site-packages/roots.pth; \
		.tools/python-$$version/bin/python -m pytest $(or $(ARGS),-q -n 2) tests/unit tests/integration \
			$(addprefix --deselect ,$(OF_3_13)); \
	done

local-invoke: $(SETUP) ## one event through a function in Lambda's container: make local-invoke EVENT=events/sqs-alarms.json
	@python -m tests.support.local_aws.local_invoke $(or $(FUNCTION),IntakeFunction) $(or $(EVENT),events/sqs-alarms.json)

bench: $(SETUP) ## what the parts cost; fails if a bound does not hold (ONLY=policy, ONLY=latency)
	@for one in $(or $(ONLY),policy); do python -m benchmarks.$$one; done

outages: $(SETUP) ## storms, outages of Slack and faults of our own, in virtual time; fails if a bound does not hold (JSON=1)
	@python -m benchmarks.outages $(if $(JSON),--json)

prove: $(SETUP) .tools/prove.done ## the long proofs: 50,000 schedules of each function, each permission taken away, branch coverage of the policies, broken lines (1 h)
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

audit: $(SETUP) .tools/checkov.done .tools/supply.done ## checkov on the template, written and transformed; known faults of packages
	@mkdir -p .local
	@python -m tests.support.stack.transformed > .local/transformed.json
	@.tools/checkov/bin/checkov --framework cloudformation --quiet --compact --skip-download -f template.yaml .local/transformed.json
	@python -m tests.support.text.known_faults

sbom: $(SETUP) .tools/supply.done ## what the layer holds, as CycloneDX: .local/sbom.cdx.json
	@mkdir -p .local
	@PYTHONWARNINGS=ignore .tools/supply/bin/cyclonedx-py requirements layers/retry/requirements.txt --pyproject pyproject.toml --output-reproducible \
		-o .local/sbom.cdx.json
	@echo "written to .local/sbom.cdx.json: $$(grep -c '"purl"' .local/sbom.cdx.json) packages"

format: $(SETUP) ## format the code and apply the fixes that are safe
	@ruff format --quiet .
	@ruff check --fix --quiet .

build: $(SETUP) ## sam build for the cloud (PARAMETERS="Architecture=x86_64 …" as for deploy)
	@sam build --config-env prod $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))
	@echo "the layer: $$(du -sk .aws-sam/build/RetryLayer | cut -f 1) KB, of 8192 at most"

deploy: build ## deploy to your AWS account: asks for what it needs (PARAMETERS="Name=value …" for the other settings)
	@PARAMETERS="$(PARAMETERS)" python -m holdfast_cli.deploy

secret: $(SETUP) ## store a destination's webhook or bot token, without echo: make secret STACK=holdfast
	@python -m holdfast_cli.secret

verify: $(SETUP) ## send one test alert down the deployed road and wait until it is delivered: make verify STACK=holdfast
	@python -m holdfast_cli.verify $(STACK)

parked: $(SETUP) ## list what was refused for good, why and since when: make parked STACK=holdfast (JSON=1)
	@python -m holdfast_cli.parked $(STACK) $(if $(JSON),--json)

# The function itself takes the same from anybody: sam remote invoke RedriveFunction --stack-name holdfast \
#   --event '{"queue": "parking", "dry_run": true, "reasons": ["destination_refused"], "older_than": 60, "limit": 10}'
redrive: $(SETUP) ## send back what was not delivered: make redrive STACK=holdfast (QUEUE=parking REASON=… OLDER_THAN=… LIMIT=… RUN=1)
	@python -m holdfast_cli.redrive $(STACK) $(if $(QUEUE),--queue $(QUEUE)) $(if $(REASON),--reason $(REASON)) \
		$(if $(OLDER_THAN),--older-than $(OLDER_THAN)) $(if $(LIMIT),--limit $(LIMIT)) $(if $(RUN),--run)

lock: .tools/uv.done ## compile the hashed requirement files anew from their .in files
	@for one in uv sam ministack awscli pyright dev runtime prove checkov supply; do $(UV) pip compile --quiet --upgrade --universal --python-version $(PYTHON_VERSION) \
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

.tools/lambda-root.tar: tests/support/lambda-root requirements/runtime.txt .tools/uv.done
	@echo "set-up: the stand-in for Lambda's image"
	@tests/support/lambda-root $(UV) requirements/runtime.txt $@

.venv/roots.done: pyproject.toml .venv/dev.done
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python .venv --editable .
	@touch $@
