# SPDX-License-Identifier: EUPL-1.2
# One Makefile, not recursive. `make` prints help; everything built lies under build/$(VARIANT).
VARIANT ?= debug
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= gcc
VERSION := 0.1.0

B := build/$(VARIANT)
GEN := build/gen
PKGS := libzmq libprotobuf-c lmdb libsodium libcrypto yaml-0.1 jansson libsystemd
PKG_CONFIG ?= pkg-config

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Wstrict-prototypes -Wmissing-prototypes -Wvla
DEF := -D_GNU_SOURCE -DKETEN_VERSION='"$(VERSION)"'
CFLAGS_debug := -O1 -g
CFLAGS_release := -O3 -g -flto=auto -fno-semantic-interposition
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_clang := -O1 -g
LDFLAGS_release := -flto=auto
LDFLAGS_asan := -fsanitize=address,undefined
ifeq ($(VARIANT),clang)
CC := clang
endif
ALL_CFLAGS = -std=c17 -fPIC -fstack-protector-strong $(CFLAGS_$(VARIANT)) $(WARN) $(DEF) -I. -isystem $(GEN) \
	$(shell $(PKG_CONFIG) --cflags $(PKGS)) $(CFLAGS)
LIBS = $(shell $(PKG_CONFIG) --libs $(PKGS))

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
ENGINE_O := $(call obj,$(call src,daemon/engine))
BROKER_O := $(call obj,$(call src,$(call under,daemon/broker)))
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
	@echo '  VARIANT=debug|release|asan|clang   PREFIX= DESTDIR= for install'

.PHONY: all
all: $(PROGRAMS:%=$(B)/%) $(CLIENT_A) $(CLIENT_SO) $(B)/keten.pc ## every program and library
	@:

$(GEN)/keten/v1/%.pb-c.c $(GEN)/keten/v1/%.pb-c.h &: $(PROTOS)
	@mkdir -p $(GEN)
	protoc-c -Iproto --c_out=$(GEN) proto/keten/v1/$*.proto

$(B)/gen/%.o: $(GEN)/%.c $(PB_H)
	@mkdir -p $(@D)
	$(CC) -std=c17 -fPIC $(CFLAGS_$(VARIANT)) -I$(GEN) -c $< -o $@

$(B)/%.o: %.c | $(PB_H)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(DAEMON_A): $(BASE_O) $(PROTO_O) $(PB_O) $(STORE_O) $(ENGINE_O) $(BROKER_O)
	@rm -f $@
	ar rcs $@ $^
$(CLIENT_A): $(BASE_O) $(PROTO_O) $(PB_WIRE_O) $(LIB_O)
	@rm -f $@
	ar rcs $@ $^
$(CLIENT_SO): $(BASE_O) $(PROTO_O) $(PB_WIRE_O) $(LIB_O) clients/lib/libketen.map
	$(CC) -shared -Wl,-soname,libketen.so.1 -Wl,--version-script=clients/lib/libketen.map -Wl,-z,defs \
		$(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) -o $@ $(filter %.o,$^) $(LIBS)
	@ln -sf libketen.so.1 $(B)/libketen.so
$(B)/libconnector.a: $(CONNECTOR_O)
	@rm -f $@
	ar rcs $@ $^
$(B)/keten.pc: clients/lib/keten.pc.in
	sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@VERSION@|$(VERSION)|g' $< > $@

LINK = $(CC) $(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

$(B)/ketend: $(B)/daemon/main.o $(DAEMON_A)
	$(LINK)
$(B)/keten: $(call obj,$(call src,clients/keten)) $(CLIENT_A)
	$(LINK)
define partner_rule
$(B)/keten-$(1): $$(call obj,$$(call src,clients/$(1))) $(B)/libconnector.a $(CLIENT_A)
	$$(LINK)
endef
$(foreach p,$(PARTNERS),$(eval $(call partner_rule,$(p))))

# ---- tests: tests/<floor>/test_*.c are cmocka programs, tests/system/ plain programs --------------------------
UNIT_SRC := $(sort $(shell find tests -name 'test_*.c' 2>/dev/null))
UNITS := $(UNIT_SRC:%.c=$(B)/%)
$(B)/tests/clients/%: $(B)/tests/clients/%.o $(B)/libconnector.a $(CLIENT_A)
	$(CC) $(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS) -lcmocka
FIXTURE_O := $(call obj,$(call src,tests/fixture))
$(B)/tests/%: $(B)/tests/%.o $(FIXTURE_O) $(DAEMON_A)
	$(CC) $(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS) -lcmocka

.PHONY: units
units: $(UNITS) ## build the unit tests of this variant
	@:

.PHONY: setup
setup:
	@tools/setup

.PHONY: test
test: ## set up, build, run every test; ends with "N passed, N failed"
	@tools/setup
	@tests/run

.PHONY: demo
demo: ## set up, build, play one household's month; KEEP=1 leaves the daemon running
	@tools/setup
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release all
	@KEEP=$(KEEP) tools/demo

.PHONY: bench
bench: ## signals/s, p50, p99, CPU and memory at depths 1, 64 and 256
	@tools/setup
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release all build/release/tests/bench/bench
	@build/release/tests/bench/bench build/release

.PHONY: clean
clean: ## remove build/
	rm -rf build

-include $(wildcard $(DEPS))
