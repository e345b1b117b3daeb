# The few verbs of the project. Each installs what it needs and is missing; `make help` lists them.
# The build itself is meson and ninja (meson.build).

BUILD = build
DEMO = $(BUILD)/demo

all: $(BUILD)/build.ninja ## build build/stellion
	@ninja --quiet -C $(BUILD)

$(BUILD)/build.ninja:
	@tools/install-packages run
	@tools/set-up $(BUILD) --buildtype=debugoptimized -Dtests=false

run: all ## run the main job on simulated marketplaces (ONCE=1: the same, for now)
	@tools/demo $(BUILD)/stellion $(DEMO)

check: ## every test, as CI runs them
	@tools/check

check-long: ## fuzzing and the long runs that check has short forms of
	@tools/check long

fuzz: ## fuzz each harness for FUZZ_SECONDS (60), or only those that HARNESS names
	@tools/install-packages check
	@tests/fuzz/run $(or $(FUZZ_SECONDS),60) $(HARNESS)

bench: ## measure speed and memory; prints the tables of docs/benchmarks.md
	@tools/bench/run

lint: ## clang-tidy over the sources
	@tools/check lint

install: all ## install to PREFIX (default /usr/local)
	@meson configure $(BUILD) --prefix=$(or $(PREFIX),/usr/local)
	@ninja -C $(BUILD) install

clean: ## remove everything that was built
	rm -rf build build-*

help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

.PHONY: all run check check-long fuzz bench lint install clean help
