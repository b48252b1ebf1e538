# The commands of everyday work. `make help` lists them; scripts/ holds what is longer than a line.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# One setting for every build, so that build, vet and test share one cache.
export CGO_ENABLED := 0

# The browser of the browser tests; empty when there is none, and then they say so and stand aside.
chromium = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
KAPU_TEST_CHROMIUM ?= $(chromium)

# How long `make fuzz` stays with each target.
FUZZTIME ?= 10s
# Where `make demo` listens.
LISTEN ?= localhost:8080

.PHONY: help
help: ## list what can be asked for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## start everything on loopback and say where to go and whom to be
	go run ./cmd/kapu demo --listen $(LISTEN)

.PHONY: test
test: ## the fast tests: SQLite only, no browser
	env -u KAPU_TEST_POSTGRES -u KAPU_TEST_CHROMIUM go test ./...

.PHONY: check
check: setup ## the whole gate, the same as CI: install what is missing, build, lint, test on everything
	KAPU_TEST_CHROMIUM="$(KAPU_TEST_CHROMIUM)" scripts/postgres.sh run scripts/check.sh

.PHONY: setup
setup: ## install what check needs (Debian packages, npm packages); instant when all is there
	@scripts/setup.sh

.PHONY: generate
generate: setup ## make the generated files anew: style sheets and whatever go generate makes
	npm run --silent --prefix internal/web/style build
	go generate -skip breached ./... # the list of breached passwords needs the network: go generate ./internal/method/password/breached

.PHONY: prompts
prompts: setup ## speak what the telephone says anew, of internal/telephone/prompt/prompts.tsv
	go run ./internal/telephone/prompt/render

.PHONY: current
current: setup ## are the committed generated files what their sources give?
	scripts/current.sh

.PHONY: bench
bench: ## the benchmarks of the packages, then kapu bench against a running server
	go test -run '^$$' -bench . -benchmem ./...
	go run ./cmd/kapu bench

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (10s)
	scripts/fuzz.sh $(FUZZTIME)

.PHONY: screenshots
screenshots: setup ## take the pictures of the README anew, into docs/screenshots
	mkdir -p docs/screenshots
	KAPU_TEST_CHROMIUM="$(KAPU_TEST_CHROMIUM)" KAPU_SCREENSHOTS="$(CURDIR)/docs/screenshots" \
		go test -count=1 -run '^TestScreenshots$$' ./internal/...
