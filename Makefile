# Everything that a developer types. Recipes name only relative paths, so that the repository may stand
# anywhere, under a path with spaces too.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test bench fuzz format

# What each target needs from Debian; Swift itself comes from swift.org.
BUILD_PACKAGES := libcurl4-openssl-dev libssl-dev libsqlite3-dev pkg-config
DEMO_PACKAGES := $(BUILD_PACKAGES) curl
TEST_PACKAGES := $(BUILD_PACKAGES) openssl curl python3 python3-jwcrypto python3-jsonschema
BENCH_PACKAGES := $(BUILD_PACKAGES) nginx openssl

SWIFT_FILES := Package.swift Sources Tests

# What the programs are measured and shown with: modules may be specialised into one another, and
# the runtime is linked in rather than called through the loader's table.
RELEASE := -c release -Xswiftc -cross-module-optimization --static-swift-stdlib

# Options for « dlnuf demo » or « dlnuf-bench »: make demo ARGUMENTS="--port 8080"
ARGUMENTS ?=

# Seconds for each fuzzed parser: make fuzz DUREE=600
DUREE ?= 60

help: ## Affiche cette aide
	@printf 'Usage : make CIBLE\n\n'
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

demo: ## Construit et lance la démonstration : bac à sable et passerelle, jusqu'à Ctrl-C
	@.ci/prepare $(DEMO_PACKAGES)
	@printf 'Construction de dlnuf…\n'
	@swift build $(RELEASE) --product dlnuf
	@printf 'Lancement de la démonstration (Ctrl-C l'\''arrête)…\n'
	@exec .build/release/dlnuf demo $(ARGUMENTS)

test: ## Vérifie tout : mise en forme, construction, imports déclarés, tests
	@.ci/prepare $(TEST_PACKAGES)
	@printf 'Mise en forme…\n'
	@swift format lint --strict --parallel --recursive $(SWIFT_FILES) || { \
	    printf 'erreur : la mise en forme s'\''écarte des règles ; lancez « make format ».\n' >&2; \
	    exit 1; }
	@printf 'Construction…\n'
	@swift build --build-tests --explicit-target-dependency-import-check error
	@printf 'Tests…\n'
	@swift test --skip-build

bench: ## Mesure la décision, puis débit, latence et CPU par échange, à côté de nginx
	@.ci/prepare $(BENCH_PACKAGES)
	@printf 'Construction de dlnuf et de dlnuf-bench…\n'
	@swift build $(RELEASE) --product dlnuf
	@swift build $(RELEASE) --product dlnuf-bench
	@printf 'Mesures…\n'
	@exec .build/release/dlnuf-bench $(ARGUMENTS)

fuzz: ## Malmène chaque lecteur de jetons pendant DUREE secondes (60) sous libFuzzer
	@.ci/prepare $(BUILD_PACKAGES)
	@printf 'Construction des cibles…\n'
	@.ci/fuzz $(DUREE)

format: ## Met le code Swift en forme
	@.ci/prepare
	@swift format format --in-place --parallel --recursive $(SWIFT_FILES)
	@printf 'Le code est en forme.\n'
