# The few verbs of the project. Each installs what it needs and is missing; `make help` lists them.
# The build itself is meson and ninja (meson.build).

BUILD = build

all: $(BUILD)/build.ninja ## build build/stellion
	@ninja -C $(BUILD)

$(BUILD)/build.ninja:
	@tools/install-packages run
	@meson setup $(BUILD) -Dtests=false >$(BUILD)-setup.log 2>&1 || { cat $(BUILD)-setup.log; exit 1; }
	@rm -f $(BUILD)-setup.log

clean: ## remove everything that was built
	rm -rf build build-*

help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

.PHONY: all clean help
