# All commands of the project. A fresh machine needs make, Python 3.13 and a package index.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Find pyenv's Pythons even if no shell start-up file puts them on PATH.
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/sam/bin:$(CURDIR)/.tools/pyright/bin:$(PATH):$(HOME)/.pyenv/shims:$(HOME)/.pyenv/bin
export SAM_CLI_TELEMETRY := 0
export PYTHONDONTWRITEBYTECODE := 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# uv uses the machine's certificates, and the package index that the environment sets for pip.
export UV_SYSTEM_CERTS := 1
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX := $(PIP_INDEX_URL)
endif
unexport VIRTUAL_ENV

PYTHON_VERSION := $(file < .python-version)
UV := .tools/uv/bin/uv
SETUP := .tools/uv.done .tools/sam.done .tools/ministack.done .tools/awscli.done .tools/pyright.done .venv/roots.done

.PHONY: help setup demo console test test-browser screenshots test-sam-local test-deploy test-pythons wheel test-wheel release test-release docs local-invoke bench outages prove check format build deploy secret verify kinds routes parked redrive status audit sbom lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP)

demo: $(SETUP) ## alarms, faults, dead letters and their redrive on a local AWS (KEEP=1 keeps it running)
	@holdfast demo $(if $(KEEP),--keep)

console: $(SETUP) ## a page that shows alerts arriving, on a local AWS: send samples and storms, break Slack, redrive
	@holdfast demo --console

test: $(SETUP) ## unit, integration and end-to-end tests
	@python -m pytest -n 3 $(ARGS) # three workers on two cores: the end-to-end tests mostly wait

test-browser: $(SETUP) .tools/browser.roots ## the console in Debian's chromium (apt-get install chromium)
	@.tools/browser/bin/python -m pytest -m browser $(ARGS) tests/browser

screenshots: $(SETUP) .tools/browser.roots ## pictures of every sample and of the console: .local/screenshots, those of the docs in docs/pictures
	@.tools/browser/bin/python -m tests.browser.screenshots

test-sam-local: $(SETUP) ## functions in Lambda's container with sam local; needs a Docker engine
	@python -m tests.support.local_aws.docker_engine
	@python -m pytest -m sam_local $(ARGS) tests/sam_local

test-deploy: $(SETUP) ## deployments on the local AWS: updates under load, each parameter, delete and redeploy (10 min)
	@python -m pytest -m deploy $(ARGS) tests/deploy

# These tests depend on Python 3.13's JSON decoder: its messages and its limit of nesting differ in 3.12.
OF_3_13 := \
	"tests/unit/aws_events/test_strict_json.py::test_invalid_json_is_refused_by_a_rule_that_shows_no_value" \
	"tests/unit/routes/test_document.py::test_an_error_names_the_field_and_its_rule_and_shows_no_value"

# The environment .tools/$(1) with Python $$version, or the next turn of the loop if that is not installed.
environment_of = python=$$(PYENV_VERSION=$$(pyenv versions --bare 2> /dev/null | grep "^$$version" | tail -1) \
		$(UV) python find --no-project --no-python-downloads $$version 2> /dev/null) \
		|| { echo "Python $$version: not found, no test was run"; continue; }; \
	$(UV) venv --quiet --clear --python "$${python:?}" .tools/$(1); \
	.tools/$(1)/bin/python --version; \
	$(UV) pip sync --quiet --require-hashes --python .tools/$(1) requirements/dev.txt

test-pythons: $(SETUP) ## unit and integration tests on Python 3.12 and 3.14, if they are installed
	@for version in 3.12 3.14; do \
		$(call environment_of,python-$$version); \
		printf '$(CURDIR)/%s\n' functions layers/retry > .tools/python-$$version/lib/python$$version/site-packages/roots.pth; \
		.tools/python-$$version/bin/python -m pytest $(or $(ARGS),-q -n 2) tests/unit tests/integration \
			$(addprefix --deselect ,$(OF_3_13)); \
	done

wheel: .tools/wheel.done ## build the retry policies for pip, from the files of the layer: .local/wheel/holdfast_retry-….whl
	@rm -rf .local/wheel
	@cd wheel && ../.tools/wheel/bin/hatchling build --target wheel --directory ../.local/wheel

test-wheel: $(SETUP) wheel ## the wheel in a bare environment, and the tests of its package on Python 3.12 to 3.14, if they are installed
	@python -m pytest -m wheel $(ARGS) tests/wheel
	@for version in 3.12 3.13 3.14; do \
		$(call environment_of,wheel-$$version); \
		$(UV) pip install --quiet --no-deps --python .tools/wheel-$$version .local/wheel/*.whl; \
		.tools/wheel-$$version/bin/python -c 'import sys; from retry_policies import __file__ as it; assert it.startswith(sys.prefix), it'; \
		.tools/wheel-$$version/bin/python -m pytest -q -n 2 tests/unit/retry_policies; \
	done

release: $(SETUP) .tools/wheel.done .tools/supply.done ## write dist/: wheel with the built code, templates, launch link, checksums, SBOMs
	@python -m holdfast_cli.checkout.release

test-release: $(SETUP) .tools/wheel.done release ## deploy the wheel of dist/ from a bare environment, and its template alone, to the local AWS
	@python -m pytest -n0 -m release $(ARGS) tests/release

docs: $(SETUP) .tools/docs.done ## build the site of docs/, strict, without any outside request: .local/site/index.html
	@mkdir -p .local # not --quiet: strict would count no warning
	@NO_MKDOCS_2_WARNING=1 .tools/docs/bin/mkdocs build --clean 2> .local/docs.log || { cat .local/docs.log; exit 1; }
	@python -m tests.support.text.site_requests .local/site

local-invoke: $(SETUP) ## one event through a function in Lambda's container: make local-invoke EVENT=events/sqs-alarms.json
	@python -m tests.support.local_aws.local_invoke $(or $(FUNCTION),IntakeFunction) $(or $(EVENT),events/sqs-alarms.json)

bench: $(SETUP) .tools/runtime.done ## measure, and write docs/performance.md (10 min); fails if a bound does not hold (ONLY=policy, post, cold, warm, faulty, scale, cost or latency)
	@python -m benchmarks.run $(ONLY)

outages: $(SETUP) ## storms, outages of Slack and faults of our own, in virtual time; fails if a bound does not hold (JSON=1)
	@python -m benchmarks.outages $(if $(JSON),--json)

prove: $(SETUP) .tools/prove.done ## long proofs (2 h): 50,000 schedules of each function, each permission removed, branch coverage, broken lines
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
	@python -m tests.support.text.retired_words
	@cfn-lint template.yaml deploy/member-account.yaml
	@sam validate --lint --template template.yaml --region eu-west-1

audit: $(SETUP) .tools/checkov.done .tools/supply.done ## checkov on the template, as written and transformed; known vulnerabilities of packages
	@mkdir -p .local
	@python -m tests.support.stack.transformed > .local/transformed.json
	@.tools/checkov/bin/checkov --framework cloudformation --quiet --compact --skip-download -f template.yaml .local/transformed.json
	@python -m tests.support.text.vulnerabilities

sbom: $(SETUP) .tools/supply.done ## list the packages of the layer, as CycloneDX: .local/sbom.cdx.json
	@mkdir -p .local
	@PYTHONWARNINGS=ignore .tools/supply/bin/cyclonedx-py requirements layers/retry/requirements.txt --pyproject pyproject.toml --output-reproducible \
		-o .local/sbom.cdx.json
	@echo "written to .local/sbom.cdx.json: $$(grep -c '"purl"' .local/sbom.cdx.json) packages"

format: $(SETUP) ## format the code and apply safe fixes
	@ruff format --quiet .
	@ruff check --fix --quiet .

build: $(SETUP) ## sam build for the cloud (PARAMETERS="Architecture=x86_64 …" as for deploy)
	@sam build --config-env prod $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))
	@python -m holdfast_cli.artifacts

deploy: $(SETUP) ## build and deploy to your AWS account; asks for the required settings (PARAMETERS="Name=value …" for others, YES=1 in CI)
	@holdfast deploy $(if $(PARAMETERS),--parameters "$(PARAMETERS)") $(if $(YES),--yes)

secret: $(SETUP) ## store a destination's webhook or bot token, without echo: make secret STACK=holdfast
	@holdfast secret

verify: $(SETUP) ## send a test alert through the deployed pipeline and wait for its delivery: make verify STACK=holdfast
	@holdfast verify

kinds: $(SETUP) ## each kind of event: how it is recognised, its samples, and the line that people read
	@holdfast kinds

routes: $(SETUP) ## check a routes document and show where each sample would go: make routes FILE=routes.json (STACK=holdfast RUN=1 stores it)
	@holdfast routes $(if $(RUN),store,check) $(or $(FILE),$(error give the routes document: make routes FILE=routes.json))

parked: $(SETUP) ## list parked alerts with reason and time: make parked STACK=holdfast (JSON=1)
	@holdfast parked $(if $(JSON),--json)

# The same without make: sam remote invoke RedriveFunction --stack-name holdfast \
#   --event '{"queue": "parking", "dry_run": true, "reasons": ["destination_refused"], "older_than": 60, "limit": 10}'
redrive: $(SETUP) ## return undelivered alerts: make redrive STACK=holdfast (QUEUE=parking REASON=… OLDER_THAN=… LIMIT=… RUN=1)
	@holdfast redrive $(if $(QUEUE),--queue $(QUEUE)) $(if $(REASON),--reason $(REASON)) \
		$(if $(OLDER_THAN),--older-than $(OLDER_THAN)) $(if $(LIMIT),--limit $(LIMIT)) $(if $(RUN),--run)

status: $(SETUP) ## queues, last delivery, waiting lanes and alarms of a deployed stack: make status STACK=holdfast (JSON=1)
	@holdfast status $(if $(JSON),--json)

lock: .tools/uv.done ## compile the hashed requirement files from their .in files
	@for one in uv sam ministack awscli pyright dev runtime prove release checkov supply wheel docs browser; do $(UV) pip compile --quiet --upgrade --universal --python-version $(PYTHON_VERSION) \
		--generate-hashes --no-header -c layers/retry/requirements.txt requirements/$$one.in -o requirements/$$one.txt; done

clean: ## remove everything that make has made
	rm -rf .venv .tools .aws-sam .local dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# --- set-up: uv, then a virtual environment for each hashed requirement file ---

.tools/uv.done: requirements/uv.txt
	@echo "set-up: uv"
	@python3 -m venv --clear .tools/uv || { echo "python3 cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)"; exit 1; }
	@.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< \
		|| { echo "the package index cannot be reached; the first run needs it (see pip's message above)"; exit 1; }
	@touch $@

define environment # $(1) folder, $(2) requirement file
	@echo "set-up: $(2)"
	@$(UV) python find --quiet --no-python-downloads $(PYTHON_VERSION) > /dev/null \
		|| { echo "Python $(PYTHON_VERSION) must be on PATH: sam build uses the version that runs in Lambda"; exit 1; }
	@$(UV) venv --quiet --clear --no-python-downloads --python $(PYTHON_VERSION) $(1)
	@$(UV) pip sync --quiet --require-hashes --python $(1) $(2)
endef

.tools/%.done: requirements/%.txt .tools/uv.done
	$(call environment,.tools/$*,$<)
	@touch $@

.tools/browser.roots: .tools/browser.done
	@printf '$(CURDIR)/%s\n' functions layers/retry > .tools/browser/lib/python$(PYTHON_VERSION)/site-packages/roots.pth
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
