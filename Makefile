# SPDX-License-Identifier: EUPL-1.2
# Knows: what is built from what. Must never know: anything outside the tree but Debian's packages.
# One Makefile, not recursive. `make` prints help; everything built lies under build/$(VARIANT).
VARIANT ?= $(if $(filter install uninstall,$(MAKECMDGOALS)),release,debug)
PREFIX ?= /usr/local
DESTDIR ?=
UNITDIR ?= $(PREFIX)/lib/systemd/system
CC ?= gcc
VERSION := 0.1.0

B := build/$(VARIANT)
GEN := build/gen
PKGS := libzmq libprotobuf-c lmdb libsodium libcrypto yaml-0.1 jansson libsystemd
PKG_CONFIG ?= pkg-config

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Wstrict-prototypes -Wmissing-prototypes -Wvla
DEF := -D_GNU_SOURCE -DKETEN_VERSION='"$(VERSION)"'
CFLAGS_debug := -O1 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
CFLAGS_clang := -O1 -g
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
# A program depends on the libraries it uses, not on all that the tree uses.
LDFLAGS += -Wl,--as-needed
ifeq ($(VARIANT),clang)
CC := clang
endif
# What a release program gets against attacks on its memory; tests/system/91-elf reads it back from the files. A flag that
# the compiler of this machine lacks is left out. LDFLAGS_PIE is for programs alone, a library cannot have it.
ifeq ($(VARIANT),release)
flag = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo '$(1)')
CFLAGS_release := -O3 -g $(call flag,-flto=auto) $(call flag,-fno-semantic-interposition) \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(call flag,-fstack-clash-protection) $(call flag,-fcf-protection=full)
LDFLAGS_release := $(call flag,-flto=auto) -Wl,-z,relro,-z,now -Wl,-z,noexecstack
LDFLAGS_PIE := -pie
endif
ALL_CFLAGS = -std=c17 -fPIC -fstack-protector-strong $(CFLAGS_$(VARIANT)) $(WARN) $(DEF) -I. -isystem $(GEN) \
	$(PKG_CFLAGS) $(CFLAGS)
# Empty before tools/setup has run; what needs them is made by a make of its own after that.
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

# These goals need no packages, or see to them themselves. Every other goal says what is missing.
SELF_HELP := help setup test demo races simulate bench fresh clean uninstall
ifneq ($(filter-out $(SELF_HELP),$(MAKECMDGOALS)),)
ifeq ($(shell command -v protoc-gen-c >/dev/null && $(PKG_CONFIG) --exists $(PKGS) && echo there),)
$(error Packages are missing. Run `make setup` first, as root or with sudo: it installs what the build needs)
endif
endif

PROTOS := $(sort $(wildcard proto/keten/v1/*.proto))
PB_C := $(PROTOS:proto/%.proto=$(GEN)/%.pb-c.c)
PB_H := $(PB_C:.c=.h)
# what a partner's side may know: the wire, not the record
PB_WIRE_O := $(addprefix $(B)/gen/keten/v1/,types.pb-c.o wire.pb-c.o)
PB_O := $(PB_C:$(GEN)/%.c=$(B)/gen/%.o)

src = $(sort $(foreach d,$(1),$(wildcard $(d)/*.c)))
obj = $(patsubst %.c,$(B)/%.o,$(1))
under = $(patsubst %/,%,$(sort $(dir $(shell find $(1) -name '*.c' 2>/dev/null))))

BASE_O := $(call obj,$(call src,base))
PROTO_O := $(call obj,$(call src,proto))
STORE_O := $(call obj,$(call src,$(call under,store)))
DAEMON_O := $(call obj,$(filter-out daemon/main.c,$(call src,$(call under,daemon))))
LIB_O := $(call obj,$(call src,clients/lib))
CONNECTOR_O := $(call obj,$(call src,clients/connector))
PARTNERS := municipality corporation welfare uwv
PROGRAMS := ketend keten $(PARTNERS:%=keten-%)

DAEMON_A := $(B)/libketend.a
CLIENT_A := $(B)/libketen.a
CLIENT_SO := $(B)/libketen.so.1
ALL_SRC := $(shell find base proto store daemon clients tests -name '*.c' 2>/dev/null)
DEPS := $(ALL_SRC:%.c=$(B)/%.d)

.DEFAULT_GOAL := help
.PHONY: help
help: ## this list
	@echo 'Keten: one family, one plan. Try: make demo, make test'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18
	@echo '  VARIANT=debug|release|asan|tsan|clang   FILTER=words for test   KEEP=1 for demo   PREFIX= DESTDIR= for install'

.PHONY: all
all: $(PROGRAMS:%=$(B)/%) $(CLIENT_A) $(CLIENT_SO) $(B)/keten.pc ## every program and library
	@:

# Named one by one: what only a pattern mentions, make would delete as intermediate. Moved into place when complete,
# since builds of two variants may run at once.
define proto_rule
$(GEN)/$(1).pb-c.c $(GEN)/$(1).pb-c.h &: $(PROTOS)
	@mkdir -p $(GEN)/$(dir $(1))
	@part=$$$$(mktemp -d $(GEN)/part.XXXXXX) && protoc -Iproto --c_out=$$$$part proto/$(1).proto && \
		mv $$$$part/$(1).pb-c.c $$$$part/$(1).pb-c.h $(GEN)/$(dir $(1)) && rm -rf $$$$part
endef
$(foreach p,$(PROTOS:proto/%.proto=%),$(eval $(call proto_rule,$(p))))
.PRECIOUS: $(B)/%.o

$(B)/gen/%.o: $(GEN)/%.c $(PB_H)
	@mkdir -p $(@D)
	$(CC) -std=c17 -fPIC -fstack-protector-strong $(CFLAGS_$(VARIANT)) -I$(GEN) -c $< -o $@

# Not order-only: the generated headers count as system headers, which -MMD leaves out.
$(B)/%.o: %.c $(PB_H)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(DAEMON_A): $(BASE_O) $(PROTO_O) $(PB_O) $(STORE_O) $(DAEMON_O)
	@rm -f $@
	ar rcs $@ $^
$(CLIENT_A): $(BASE_O) $(PROTO_O) $(PB_WIRE_O) $(LIB_O)
	@rm -f $@
	ar rcs $@ $^
$(CLIENT_SO): $(BASE_O) $(PROTO_O) $(PB_WIRE_O) $(LIB_O) clients/lib/libketen.map
	$(CC) -shared -Wl,-soname,libketen.so.1 -Wl,--version-script=clients/lib/libketen.map -Wl,-z,defs \
		$(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS)
	@ln -sf libketen.so.1 $(B)/libketen.so
$(B)/libconnector.a: $(CONNECTOR_O)
	@rm -f $@
	ar rcs $@ $^
$(B)/keten.pc: clients/lib/keten.pc.in
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@VERSION@|$(VERSION)|g' $< > $@

LINK = $(CC) $(CFLAGS_$(VARIANT)) $(LDFLAGS_PIE) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

$(B)/ketend: $(B)/daemon/main.o $(DAEMON_A)
	$(LINK)
# the tool without its main, so that its parts can be tested
TOOL_O := $(filter-out %/main.o,$(call obj,$(call src,clients/keten)))
$(B)/libtool.a: $(TOOL_O)
	@rm -f $@
	ar rcs $@ $^
$(B)/keten: $(B)/clients/keten/main.o $(B)/libtool.a $(CLIENT_A)
	$(LINK)
define partner_rule
$(B)/keten-$(1): $$(call obj,$$(call src,clients/$(1))) $(B)/libconnector.a $(CLIENT_A)
	$$(LINK)
endef
$(foreach p,$(PARTNERS),$(eval $(call partner_rule,$(p))))

# ---- tests: tests/<floor>/test_*.c are cmocka programs, tests/system/ plain programs --------------------------
UNIT_SRC := $(sort $(shell find tests -name 'test_*.c' 2>/dev/null))
UNITS := $(UNIT_SRC:%.c=$(B)/%)
# Static patterns: each test names all its objects, also those that are not built yet.
CLIENT_UNITS := $(filter $(B)/tests/clients/%,$(UNITS))
SIMULATIONS := $(filter $(B)/tests/simulation/%,$(UNITS))
LINK_TEST = $(LINK) -lcmocka
CLIENT_FIXTURE_O := $(call obj,$(call src,tests/clients/fixture)) $(B)/tests/fixture/scratch.o
$(CLIENT_UNITS): %: %.o $(CLIENT_FIXTURE_O) $(B)/libconnector.a $(B)/libtool.a $(CLIENT_A)
	$(LINK_TEST)
# a partner's side, like the programs it measures
BENCH_O := $(call obj,$(call src,tests/bench))
$(B)/tests/bench/bench: $(BENCH_O) $(CLIENT_A)
	$(LINK) -lm
FIXTURE_O := $(call obj,$(call src,tests/fixture))
# the parts of a simulation lie beside it
SIMULATION_O := $(call obj,$(filter-out tests/simulation/test_%,$(call src,tests/simulation)))
$(SIMULATIONS): %: %.o $(SIMULATION_O) $(FIXTURE_O) $(DAEMON_A)
	$(LINK_TEST)
$(filter-out $(CLIENT_UNITS) $(SIMULATIONS),$(UNITS)): %: %.o $(FIXTURE_O) $(DAEMON_A)
	$(LINK_TEST)

# preloaded into a daemon, whatever its variant
SHIMS := $(patsubst %.c,%.so,$(wildcard tests/campaign/preload/*.c))
$(B)/tests/campaign/preload/%.so: tests/campaign/preload/%.c
	@mkdir -p $(@D)
	$(CC) -std=c17 $(WARN) $(DEF) -O1 -shared -fPIC $< -o $@

.PHONY: units
units: $(UNITS) $(B)/tests/bench/bench $(SHIMS:%=$(B)/%) ## build the tests of this variant
	@:

.PHONY: setup
setup: ## install the packages that building and testing need; as root, or with sudo
	@tools/setup

.PHONY: test
test: ## set up, build, run every test; ends with "N passed, N failed"
	@tools/setup
	@tests/run $(FILTER)

.PHONY: races
races: ## 10,000 of each kind of race over the wire; KETEN_SEED= repeats a run
	@tools/setup
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release all
	@for kind in tests/system/5?-races*; do KETEN_BUILD=$(abspath build/release) KETEN_RACES=10000 $$kind || exit 1; done

.PHONY: campaign
campaign: ## flips, kills and faults by the thousand; FILTER= KETEN_SEED= KETEN_COUNT=
	@tools/setup
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release all build/release/tests/store/state/test_writer \
		$(SHIMS:%=build/release/%)
	@tests/campaign/run $(FILTER)

.PHONY: demo
demo: ## set up, build, play one household's month; KEEP=1 leaves the daemon running
	@tools/setup
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release all
	@KEEP=$(KEEP) tools/demo

.PHONY: simulate
simulate: ## years of a town in seconds, KETEN_SEEDS (2000) of them from KETEN_SEED (1) on
	@tools/setup
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release build/release/tests/simulation/test_years
	@KETEN_SEEDS=$${KETEN_SEEDS:-2000} build/release/tests/simulation/test_years

.PHONY: bench
bench: ## signals/s, p50, p99, CPU and memory at depths 1, 64 and 256, and beside other work
	@tools/setup
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release all build/release/tests/bench/bench
	@build/release/tests/bench/bench build/release
	@build/release/tests/bench/bench --beside calm,returning,lists,unread,terms --plans 50000 --rounds 1 build/release

.PHONY: fresh
fresh: ## as root: all of it in fresh roots of Debian 12 and 13, as root and as an ordinary user (an hour)
	@tools/fresh

# ---- manuals ---------------------------------------------------------------------------------------------------
MAN_SCD := $(sort $(wildcard docs/man/*.scd))
MAN := $(MAN_SCD:docs/man/%.scd=build/man/%) build/man/keten-errors.7
build/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	scdoc < $< > $@.part && mv $@.part $@
build/man/keten-errors.7: proto/errors.def proto/reasons.def tools/man-errors
	@mkdir -p $(@D)
	tools/man-errors proto/errors.def proto/reasons.def $(VERSION) > $(@D)/keten-errors.7.scd
	scdoc < $(@D)/keten-errors.7.scd > $@.part && mv $@.part $@

.PHONY: man
man: $(MAN) ## the manual pages, under build/man
	@:

# ---- installing: every file that install writes, uninstall removes ----------------------------------------------
TO := $(DESTDIR)$(PREFIX)
TO_UNITS := $(DESTDIR)$(UNITDIR)
TO_COMPLETIONS := $(TO)/share/bash-completion/completions
HEADERS := clients/lib/keten.h $(addprefix $(GEN)/keten/v1/,types.pb-c.h wire.pb-c.h)
CHAINS := $(sort $(wildcard chains/*.yaml))
INSTALLED = $(PROGRAMS:%=$(TO)/bin/%) $(addprefix $(TO)/lib/,libketen.a libketen.so libketen.so.1 pkgconfig/keten.pc) \
	$(TO)/include/keten.h $(addprefix $(TO)/include/keten/v1/,types.pb-c.h wire.pb-c.h) \
	$(PROTOS:proto/%=$(TO)/share/keten/proto/%) $(CHAINS:chains/%=$(TO)/share/keten/chains/%) \
	$(TO)/share/keten/ketend.yaml $(foreach m,$(MAN),$(TO)/share/man/man$(subst .,,$(suffix $(m)))/$(notdir $(m))) \
	$(TO_COMPLETIONS)/keten $(TO_UNITS)/ketend.service $(TO)/lib/sysusers.d/keten.conf $(TO)/lib/tmpfiles.d/keten.conf

# The linker of running programs keeps a list of libraries. A package that is made under DESTDIR has its own way to refresh it.
REFRESH_LIBRARIES = @[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || PATH=$$PATH:/usr/sbin:/sbin ldconfig

.PHONY: install
install: all man ## programs, library, units, manuals, completions, chains; under DESTDIR/PREFIX
	install -d $(sort $(dir $(INSTALLED)))
	install -m 755 $(PROGRAMS:%=$(B)/%) $(TO)/bin/
	install -m 644 $(CLIENT_A) $(TO)/lib/
	install -m 755 $(CLIENT_SO) $(TO)/lib/
	ln -sf libketen.so.1 $(TO)/lib/libketen.so
	sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@VERSION@|$(VERSION)|g' clients/lib/keten.pc.in > $(TO)/lib/pkgconfig/keten.pc
	install -m 644 clients/lib/keten.h $(TO)/include/
	install -m 644 $(filter $(GEN)/%,$(HEADERS)) $(TO)/include/keten/v1/
	install -m 644 $(PROTOS) $(TO)/share/keten/proto/keten/v1/
	install -m 644 $(CHAINS) $(TO)/share/keten/chains/
	install -m 644 systemd/ketend.yaml $(TO)/share/keten/
	for page in $(MAN); do install -m 644 $$page $(TO)/share/man/man$${page##*.}/ || exit 1; done
	$(B)/keten completion bash > $(TO_COMPLETIONS)/keten
	sed 's|/usr/bin/ketend|$(PREFIX)/bin/ketend|' systemd/ketend.service > $(TO_UNITS)/ketend.service
	install -m 644 systemd/keten.sysusers.conf $(TO)/lib/sysusers.d/keten.conf
	install -m 644 systemd/keten.tmpfiles.conf $(TO)/lib/tmpfiles.d/keten.conf
	$(REFRESH_LIBRARIES)

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(INSTALLED)
	$(REFRESH_LIBRARIES)
	-rmdir -p --ignore-fail-on-non-empty $(TO)/share/keten/proto/keten/v1 $(TO)/share/keten/chains $(TO)/include/keten/v1 2>/dev/null

.PHONY: clean
clean: ## remove build/
	rm -rf build

-include $(wildcard $(DEPS))
