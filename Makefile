# Fieldproof: the table of contents. `make run` and `make test` do all set-up themselves.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

BUILD_PACKAGES := build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev
TEST_PACKAGES := xvfb xauth webkit2gtk-driver poppler-utils zbar-tools imagemagick python3 python3-venv chromium chromium-driver postgresql dbus-daemon dbus-bin gnome-keyring
DENY_VERSION := 0.20.2
FUZZ_VERSION := 0.13.2
MUTANTS_VERSION := 27.1.0
DEMONSTRATION := .fieldproof
SCREEN := ui/dist/index.html
SCREEN_SOURCES := $(shell find ui/src assets/fonts -type f 2>/dev/null) ui/verify/words.ts ui/index.html ui/package-lock.json ui/vite.config.ts
CHECKER := target/wasm32-unknown-unknown/page/fieldproof_page.wasm
CHECKER_SOURCES := $(shell find crates/model/src crates/seal/src crates/page/src -name '*.rs') Cargo.lock crates/model/Cargo.toml crates/seal/Cargo.toml crates/page/Cargo.toml
PAGE := ui/dist-verify/verify.html
PAGE_SOURCES := $(shell find ui/verify assets/fonts -type f) ui/src/styles/tokens.css ui/vite.verify.config.ts
PROGRAMS := -p fieldproof-cli -p fieldproof-desktop
# Set where everything was built before, so that nothing is built anew under a test that runs.
BUILT :=
BUILD = $(if $(BUILT),:,cargo build --quiet)

.PHONY: help
help: ## Says what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: run
run: packages $(SCREEN) $(PAGE) ## Opens the demonstration; FRESH=1 starts it over
	@test -x target/debug/fieldproof-desktop || echo "Building for the first time: about 7 minutes on two cores. A second start takes seconds."
	@cargo build $(PROGRAMS)
	@target/debug/fieldproof demonstration --dir $(DEMONSTRATION) --window target/debug/fieldproof-desktop $(if $(FRESH),--fresh)

.PHONY: test
test: test-packages lint target/storage/ready target/verifier/ready target/transport/ready ## Runs every test, the window included
	@cargo test --workspace --quiet --no-run
	@$(MAKE) programs
	@echo "Testing in two lanes at once, which wait for disks and windows more than for each other: about 20 minutes. What a lane says comes with each of its ends."
	@$(MAKE) --jobs=2 --output-sync=target BUILT=1 test-inside test-outside
	@git diff --exit-code --stat -- ui/src/lib/host/generated.ts Cargo.lock
	@echo "All tests passed."

.PHONY: test-inside
test-inside: $(SCREEN) $(PAGE) # What is written in Rust, then the stories once more on servers
	@# What compiles the examples in the documentation would look for the lanes of make, and warn that there are none.
	@PROPTEST_RNG_SEED=1 MAKEFLAGS= cargo test --workspace --quiet
	@$(MAKE) test-storage

.PHONY: test-outside
test-outside: # What comes from outside: the screen's tests, other people's readers and clients, pages, the window
	@cd ui && npm test --silent
	@$(MAKE) test-verifier
	@$(MAKE) test-transport
	@$(MAKE) test-page
	@$(MAKE) test-print
	@$(MAKE) test-window

.PHONY: programs
programs: packages $(SCREEN) $(PAGE) # What the verifier and the window are tried with, never an older build
	@$(BUILD) $(PROGRAMS)
	@# Apart from those that the tests in Rust are built with, which have the saboteurs' switches.
	@$(if $(BUILT),:,mkdir -p target/programs && ln -f target/debug/fieldproof target/debug/fieldproof-desktop target/programs/)

.PHONY: test-verifier
test-verifier: programs target/verifier/ready # The independent verifier against a record and a token made just now, and every vector
	@rm -rf target/verifier-demo && target/programs/fieldproof demo --out target/verifier-demo > /dev/null
	@target/verifier/bin/python tests/verifier/verify.py --trust target/verifier-demo/trust.cbor --flips 10000 --seed 1 \
		target/verifier-demo/record.cbor target/verifier-demo/token.txt
	@target/verifier/bin/python tests/verifier/verify.py --vectors tests/vectors

STORIES := book receiving bundles epochs feed story stick enrolment wire_faults

.PHONY: test-storage
test-storage: test-packages $(PAGE) target/storage/ready # The stories of laptops and register once more, on a real PostgreSQL and a real S3-compatible store
	@STORAGE=servers PROPTEST_RNG_SEED=1 cargo test --workspace --quiet $(addprefix --test ,$(STORIES))

.PHONY: test-transport
test-transport: packages $(PAGE) target/transport/ready # Clients that are not ours: tuspy uploads, http-message-signatures signs
	@$(BUILD) --workspace --example transport
	@target/transport/bin/python tests/transport/clients.py --register target/debug/examples/transport

.PHONY: page
page: packages $(PAGE) ## Builds the verify page, one file without an institution: ui/dist-verify/verify.html

.PHONY: test-page
test-page: programs # The verify page in Chromium and in the app's WebKit, from a stick and from a register
	@# With an example beside it the libraries are those of the tests, which are there already.
	@$(BUILD) --workspace --bin page-specimens --example printed
	@xvfb-run -a node --test --test-reporter=spec tests/page/

PRINT_COUNT := 200
PRINT_SEED := 1
PRINT_SAMPLE := 10
READ_BACK = target/verifier/bin/python tests/print/read_back.py --seed $(PRINT_SEED)

.PHONY: print
print: test-packages target/verifier/ready ## Reads PRINT_COUNT printed certificates back and prints the table; goes on where it was interrupted
	@$(call papers,target/print/papers,$(PRINT_COUNT))
	@$(READ_BACK) --papers target/print/papers --out target/print --count $(PRINT_COUNT)

.PHONY: test-print
test-print: test-packages target/verifier/ready # A sample of `make print`, and two sabotaged ones that must miss
	@rm -rf target/print/sample
	@$(call papers,target/print/sample/papers,$(PRINT_SAMPLE))
	@$(READ_BACK) --papers target/print/sample/papers --out target/print/sample --count $(PRINT_SAMPLE)
	@for saboteur in link cover; do code=0; \
		$(READ_BACK) --papers target/print/sample/papers --out target/print/sample/$$saboteur --count 1 --saboteur $$saboteur \
			> target/print/sample/$$saboteur.txt || code=$$?; \
		[ $$code = 1 ] && ! grep -q '| 1/1 ' target/print/sample/$$saboteur.txt || { echo "Sabotage was not noticed: $$saboteur"; cat target/print/sample/$$saboteur.txt; exit 1; }; done

.PHONY: test-window
test-window: programs # The real window, driven through WebDriver without a display
	@xvfb-run -a node --test --test-reporter=spec tests/window/

.PHONY: lint
lint: packages $(SCREEN) $(PAGE) cargo-deny ## Formatting, lints, licences, types
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --quiet -- -D warnings
	@PATH="$$PWD/target/tools/bin:$$PATH" cargo deny --log-level error check bans licenses sources
	@cd ui && npm run --silent check && npm run --silent lint

.PHONY: bench
bench: test-packages programs ## Measures; figures only, no verdicts
	@cargo bench --quiet -p fieldproof-tests --bench observe --bench engine --bench seal --bench sync --bench scale
	@cargo build --quiet -p fieldproof-tests --bin page-specimens
	@xvfb-run -a node tests/page/bench.mjs
	@cd ui && npx vitest bench --run src/features/new/search.bench.ts

SEED := 1
SUITES := kill power-cut every-call wire model
ROUNDS := 10000
RECORDS := 1000
STEPS := 100000
IMAGES := 20000
COMMIT = $(shell git rev-parse --short HEAD)$(shell git diff --quiet HEAD || echo +changes)

.PHONY: torture
torture: packages $(PAGE) ## Kills ROUNDS times, cuts the power IMAGES times, lets every call fail, sends RECORDS over a failing network, plays STEPS beside the model, with SEED; goes on where it stopped
	@cargo build --quiet --release -p fieldproof-tests --bin torture --bin life-child
	@mkdir -p target/torture && cp target/release/torture target/release/life-child target/torture/
	@for suite in $(SUITES); do case $$suite in kill) count=$(ROUNDS);; power-cut) count=$(IMAGES);; wire) count=$(RECORDS);; model) count=$(STEPS);; *) count=0;; esac; \
		nice -n 15 target/torture/torture $$suite $$count $(SEED) $(COMMIT) target/torture | tee -a target/torture/$$suite.log; done

PROPERTY_SEEDS := 2 101

.PHONY: properties
properties: packages $(PAGE) ## Every property with each seed from the first to the last of PROPERTY_SEEDS
	@cargo test --quiet --workspace --lib --no-run
	@for seed in $$(seq $(PROPERTY_SEEDS)); do echo "seed $$seed"; PROPTEST_RNG_SEED=$$seed cargo test --quiet --workspace --lib > target/properties.log \
		|| { cat target/properties.log; echo "Go on behind it with PROPERTY_SEEDS=\"$$((seed + 1)) …\"."; exit 1; }; done

FUZZ_MINUTES := 30
FUZZ_SEED := 1
FUZZ_TARGETS :=
FUZZ_PROGRAMS = target/fuzz/$$(rustc -vV | sed -n 's/^host: //p')/release

.PHONY: fuzz
fuzz: fuzz-programs ## Fuzzes every parser (or FUZZ_TARGETS) in turn for FUZZ_MINUTES with FUZZ_SEED; goes on where it stopped
	@tests/fuzz/run.sh fuzz "$(FUZZ_PROGRAMS)" $(FUZZ_MINUTES) $(FUZZ_SEED) $(FUZZ_TARGETS)

.PHONY: fuzz-planted
fuzz-planted: ## Shows that a panic behind each parser is found, each within FUZZ_MINUTES
	@$(MAKE) fuzz-programs FUZZ_FEATURES="--features planted"
	@tests/fuzz/run.sh planted "$(FUZZ_PROGRAMS)" $(FUZZ_MINUTES) $(FUZZ_SEED) $(FUZZ_TARGETS)

.PHONY: fuzz-merge
fuzz-merge: fuzz-programs ## Takes what fuzzing found worth keeping into tests/fuzz/corpus
	@tests/fuzz/run.sh merge "$(FUZZ_PROGRAMS)" 0 $(FUZZ_SEED) $(FUZZ_TARGETS)

.PHONY: fuzz-seeds
fuzz-seeds: packages ## Writes the seeds of the fuzzer anew, as the formats are today
	@cargo run --quiet -p fieldproof-tests --example fuzz_seeds

.PHONY: fuzz-programs
fuzz-programs: packages cargo-fuzz # Instrumented, on the stable compiler
	@PATH="$$PWD/target/tools/bin:$$PATH"; cargo fuzz build --fuzz-dir tests/fuzz --sanitizer none --target-dir target/fuzz $(FUZZ_FEATURES)

.PHONY: mutants
mutants: packages cargo-mutants ## Shows which changes of crates/seal none of its tests notices; goes on where it stopped
	@# Slow tests that walk a million cells or flip every bit are left out: a change that only they notice counts as missed.
	@PATH="$$PWD/target/tools/bin:$$PATH"; CARGO_PROFILE_DEV_DEBUG=false cargo mutants --package fieldproof-seal --test-package fieldproof-seal \
		--iterate --timeout 120 --output target/mutants -- --lib --test vectors --test token_size -- \
		--skip every_cell --skip flip --skip every_sentence --skip every_check --skip files_answers --skip what_was_written

.PHONY: types
types: $(SCREEN) $(PAGE) ## Writes the screen's types anew from crates/api
	@ACCEPT=1 cargo test --quiet -p fieldproof-tests --test generated_types

.PHONY: vectors
vectors: ## Writes those vectors of the sealed formats that are missing
	@ACCEPT=1 cargo test --quiet -p fieldproof-seal --test vectors what_was_written

.PHONY: clean
clean: ## Removes everything that was built; the demonstration stays
	@rm -rf target ui/dist ui/dist-verify ui/node_modules

.PHONY: packages
packages:
	@$(call need,$(BUILD_PACKAGES))
	@command -v cargo > /dev/null || { echo "Rust is missing: install the version named in Cargo.toml, then try again."; exit 1; }
	@command -v npm > /dev/null || { echo "Node is missing: install Node 20 or later with npm, then try again."; exit 1; }

.PHONY: test-packages
test-packages:
	@$(call need,$(BUILD_PACKAGES) $(TEST_PACKAGES))

.PHONY: cargo-deny
cargo-deny:
	@$(call tool,deny,$(DENY_VERSION) --no-default-features)

.PHONY: cargo-fuzz
cargo-fuzz:
	@$(call tool,fuzz,$(FUZZ_VERSION))

.PHONY: cargo-mutants
cargo-mutants:
	@$(call tool,mutants,$(MUTANTS_VERSION))

ui/node_modules/.package-lock.json: ui/package-lock.json
	@echo "Fetching what the screen is built with …"
	@cd ui && npm ci --no-audit --no-fund --loglevel=error

$(SCREEN): ui/node_modules/.package-lock.json $(SCREEN_SOURCES)
	@cd ui && npm run --silent build
	@touch $@ src-tauri/build.rs

$(CHECKER): $(CHECKER_SOURCES)
	@test -d "$$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" || { \
		echo "Adding what Rust needs to compile for a browser …"; rustup target add wasm32-unknown-unknown; } || { \
		echo "Rust cannot compile for a browser yet: run “rustup target add wasm32-unknown-unknown” with a network, or install"; \
		echo "your distribution's package for that target, then try again."; exit 1; }
	@# What a gatekeeper loads says nothing of where it was built. That it is a library for a browser is said here alone: else
	@# cargo would build one file of that name for programs and for tests in turn, and with it all that stands on it.
	@CARGO_ENCODED_RUSTFLAGS="$$(printf '%s\x1f%s' "--remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}=cargo" "--remap-path-prefix=$$PWD=.")" \
		cargo rustc --quiet --locked --profile page --target wasm32-unknown-unknown -p fieldproof-page --lib --crate-type cdylib
	@touch $@

$(PAGE): ui/node_modules/.package-lock.json $(CHECKER) $(PAGE_SOURCES)
	@cd ui && npm run --silent build:verify

target/verifier/ready: tests/verifier/requirements.txt tests/print/requirements.txt
	@mkdir -p target && python3 -m venv target/verifier
	@target/verifier/bin/pip install --quiet --disable-pip-version-check $(addprefix -r ,$^)
	@touch $@

target/transport/ready: tests/transport/requirements.txt
	@mkdir -p target && python3 -m venv target/transport
	@target/transport/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

target/storage/ready: tests/storage/requirements.txt
	@mkdir -p target && python3 -m venv target/storage
	@target/storage/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# Builds a tool of cargo once, of a version and perhaps with less in it.
define tool
PATH="$$PWD/target/tools/bin:$$PATH"; cargo $(1) --version > /dev/null 2>&1 || { \
	echo "Building cargo-$(1) once …"; \
	CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
	cargo install --quiet --locked --root target/tools cargo-$(1)@$(2); }
endef

# Writes so many certificates into a folder. Built as the tests are, whose libraries are there already.
define papers
mkdir -p $(1) && $(BUILD) --workspace --example printed && target/debug/examples/printed $(1) $(2) $(PRINT_SEED)
endef

# Installs Debian packages that are missing where that is allowed, and names them where it is not.
define need
missing=""; for package in $(1); do dpkg-query -W -f='$${Status}' $$package 2> /dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
if [ -n "$$missing" ]; then \
	if [ "$$(id -u)" = 0 ]; then apt="apt-get"; elif sudo -n true 2> /dev/null; then apt="sudo apt-get"; \
	else echo "These packages are missing. Install them, then try again:"; echo "  sudo apt-get install --no-install-recommends$$missing"; exit 1; fi; \
	echo "Installing:$$missing"; \
	$$apt update -qq && DEBIAN_FRONTEND=noninteractive $$apt install -y -qq --no-install-recommends $$missing > /dev/null; \
fi
endef
