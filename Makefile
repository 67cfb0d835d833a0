# mailauth: build, test, install. `make help` lists the targets.
#
# GNU make. Every variant has its own folder below build/, so that objects never mix. CC, CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS are
# the user's; what mailauth itself needs is kept apart from them.

MAKEFLAGS += --no-builtin-rules --no-builtin-variables --no-print-directory
SHELL = /bin/sh
.SUFFIXES:
.DEFAULT_GOAL = all

VERSION = 0.1.0

PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share
LIBDIR  ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR ?=

# Without make's own variables CC and AR are empty, unless the user sets them.
ifneq ($(filter undefined default,$(origin CC)),)
CC = cc
endif
ifneq ($(filter undefined default,$(origin AR)),)
AR = ar
endif
ifneq ($(filter undefined default,$(origin LD)),)
LD = ld
endif
OBJCOPY ?= objcopy
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
INSTALL = install

# The goals that must work on a machine without compiler and pkg-config.
BARE_GOALS = deps deps-lint help clean check-newest
# `make deps check`: deps ends first, then a fresh make does the rest and sees what deps has installed.
REST := $(filter-out deps,$(MAKECMDGOALS))
ifneq ($(and $(filter deps,$(MAKECMDGOALS)),$(REST)),)

.PHONY: deps $(REST) after-deps
$(REST): after-deps
	@:
after-deps: deps
	@+$(MAKE) --no-print-directory $(REST)
deps:
	@sh tests/deps.sh

else

# --- flags ---------------------------------------------------------------------------------------------------------------

# Asked once, and only when something is built.
ifneq ($(filter-out $(BARE_GOALS),$(or $(MAKECMDGOALS),all)),)
DEP_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags libcares libidn2 libpsl)
DEP_LIBS   ?= $(shell $(PKG_CONFIG) --libs libcares libidn2 libpsl)
ifeq ($(strip $(DEP_LIBS)),)
$(error c-ares, libidn2 or libpsl (or pkg-config itself) was not found; `make deps` installs what is needed)
endif
CHECK_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags check 2>/dev/null)
CHECK_LIBS   ?= $(shell $(PKG_CONFIG) --libs check 2>/dev/null)
endif

WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wswitch-enum -Wvla -Wwrite-strings -Wpointer-arith -Wundef -Wformat=2
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif
OUR_CFLAGS = -std=c11 -fvisibility=hidden $(WARNINGS)
OUR_CPPFLAGS = -Isrc -Iinclude -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -DMAILAUTH_VERSION='"$(VERSION)"' $(DEP_CFLAGS)

# gcc takes the sanitizer's own test for NULL as a sign that the format may be NULL.
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-format-truncation

# Each variant: folder below build/, and the flags that come behind the user's.
VARIANTS = release asan debug
release_FLAGS =
asan_FLAGS = -O1 -g $(if $(HAVE_SANITIZERS),$(SANITIZE))
debug_FLAGS = -O1 -g

# --- sources -------------------------------------------------------------------------------------------------------------

SOURCES := $(sort $(wildcard src/*/*.c))
CORE_SOURCES := $(filter-out src/cli/%,$(SOURCES))
UNIT_TESTS := $(sort $(wildcard tests/unit/test_*.c))
PROPERTY_TESTS := $(sort $(wildcard tests/property/test_*.c))
FUZZ_TARGETS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCHMARKS := $(sort $(wildcard tests/bench/*.c))
TEST_SUPPORT := $(sort $(wildcard tests/support/*.c))
DEFS := $(wildcard src/*/*.def)

# $(call variant,NAME): objects, archive, program, unit tests and fuzz replays of one variant.
define variant
$(1)_OBJECTS := $$(CORE_SOURCES:%.c=build/$(1)/%.o)
$(1)_CLI_OBJECTS := $$(patsubst %.c,build/$(1)/%.o,$$(filter src/cli/%,$$(SOURCES)))
$(1)_TEST_OBJECTS := $$(TEST_SUPPORT:%.c=build/$(1)/%.o)
$(1)_TESTS := $$(patsubst tests/%.c,build/$(1)/tests/%,$$(UNIT_TESTS) $$(PROPERTY_TESTS))
$(1)_UNIT := $$(patsubst tests/%.c,build/$(1)/tests/%,$$(UNIT_TESTS))
$(1)_FUZZ := $$(patsubst tests/%.c,build/$(1)/tests/%,$$(FUZZ_TARGETS))

build/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	@echo "  CC     $$@"
	@$$(CC) $$(OUR_CPPFLAGS) -Itests $$(CPPFLAGS) $$(OUR_CFLAGS) $$(CFLAGS) $$($(1)_FLAGS) $$(if $$(filter tests/%,$$<),$$(CHECK_CFLAGS)) -MMD -MP -c -o $$@ $$<

build/$(1)/core.a: $$($(1)_OBJECTS)
	@echo "  AR     $$@"
	@rm -f $$@
	@$$(AR) rcs $$@ $$($(1)_OBJECTS)

build/$(1)/mailauth: $$($(1)_CLI_OBJECTS) build/$(1)/core.a
	@echo "  LINK   $$@"
	@$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$($(1)_CLI_OBJECTS) build/$(1)/core.a $$(DEP_LIBS) $$(LDLIBS)

# Tests of the command line's own modules link its objects, all but main.
build/$(1)/tests/unit/%: build/$(1)/tests/unit/%.o $$($(1)_TEST_OBJECTS) $$(filter-out %/main.o,$$($(1)_CLI_OBJECTS)) build/$(1)/core.a
	@echo "  LINK   $$@"
	@$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$< $$($(1)_TEST_OBJECTS) $$(filter-out %/main.o,$$($(1)_CLI_OBJECTS)) build/$(1)/core.a $$(CHECK_LIBS) $$(DEP_LIBS) $$(LDLIBS)

build/$(1)/tests/property/%: build/$(1)/tests/property/%.o $$($(1)_TEST_OBJECTS) build/$(1)/core.a
	@echo "  LINK   $$@"
	@$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$< $$($(1)_TEST_OBJECTS) build/$(1)/core.a $$(CHECK_LIBS) $$(DEP_LIBS) $$(LDLIBS)

build/$(1)/tests/suite/suite: build/$(1)/tests/suite/suite.o $$($(1)_TEST_OBJECTS) build/$(1)/core.a
	@echo "  LINK   $$@"
	@$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$< $$($(1)_TEST_OBJECTS) build/$(1)/core.a $$(CHECK_LIBS) $$(DEP_LIBS) $$(LDLIBS)

build/$(1)/tests/bench/%: build/$(1)/tests/bench/%.o build/$(1)/core.a
	@echo "  LINK   $$@"
	@$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$< build/$(1)/core.a $$(DEP_LIBS) $$(LDLIBS)

build/$(1)/tests/fuzz/%: build/$(1)/tests/fuzz/%.o build/$(1)/tests/fuzz/replay.o $$($(1)_TEST_OBJECTS) build/$(1)/core.a
	@echo "  LINK   $$@"
	@$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$< build/$(1)/tests/fuzz/replay.o $$($(1)_TEST_OBJECTS) build/$(1)/core.a $$(CHECK_LIBS) $$(DEP_LIBS) $$(LDLIBS)

-include $$($(1)_OBJECTS:.o=.d) $$($(1)_CLI_OBJECTS:.o=.d) $$($(1)_TEST_OBJECTS:.o=.d) $$($(1)_TESTS:=.d)
endef
$(foreach v,$(VARIANTS),$(eval $(call variant,$(v))))

.SECONDARY:
.DELETE_ON_ERROR:

# --- what the tests need --------------------------------------------------------------------------------------------------

ifneq ($(filter check% fuzz bench build/asan/%,$(MAKECMDGOALS)),)
ifeq ($(shell uname -s)$(wildcard /proc/self/maps),Linux)
$(error /proc is not mounted: AddressSanitizer and valgrind cannot run without it, so neither can the tests)
endif
# Alpine's gcc has no sanitizers: the tests then run without, and say so.
HAVE_SANITIZERS := $(shell mkdir -p build && echo 'int main(void){return 0;}' >build/probe.c && \
	$(CC) $(SANITIZE) -o build/probe build/probe.c 2>/dev/null && build/probe && echo yes)
ifeq ($(HAVE_SANITIZERS),)
$(info this compiler has no address and undefined-behaviour sanitizers: testing without them)
endif
# The first Python that has jsonschema: more than one may be installed.
PYTHON ?= $(or $(shell for p in python3 /usr/bin/python3; do $$p -c 'import jsonschema' 2>/dev/null && echo $$p && break; done),python3)
endif

VALGRIND = valgrind -q --error-exitcode=99
CLI_TESTS := $(sort $(wildcard tests/cli/*.test))
FUZZ_ROUNDS ?= 300
# The community's SPF conformance suite is used where it lies; its cases are not part of mailauth.
SPF_SUITE ?= ../shared/spf-suite

# --- targets -------------------------------------------------------------------------------------------------------------

.PHONY: all check check-unit check-fuzz check-cli check-valgrind check-sources check-suite check-demo check-newest bench demo deps deps-lint lint format \
	fuzz install uninstall clean help force

all: build/release/mailauth build/release/libmailauth.a ## build the program, build/release/mailauth, and the library

# One object in which only mailauth_* is global: nothing collides with the names of a program that links it.
build/release/libmailauth.a: $(release_OBJECTS)
	@echo "  AR     $@"
	@$(LD) -r -o build/release/libmailauth.o $(release_OBJECTS)
	@if command -v $(OBJCOPY) >/dev/null 2>&1; then $(OBJCOPY) --localize-hidden build/release/libmailauth.o; fi
	@rm -f $@
	@$(AR) rcs $@ build/release/libmailauth.o

demo: build/release/mailauth ## run the program on the bundled example zones, without network
	@sh tests/demo.sh build/release/mailauth

# One after the other, the quick ones first; `make -j2 check` builds in parallel.
check: ## build with sanitizers and run all tests
	@+$(MAKE) --no-print-directory $(asan_TESTS) $(asan_FUZZ) build/asan/mailauth build/asan/tests/suite/suite build/release/mailauth
	@+$(MAKE) --no-print-directory check-sources
	@+$(MAKE) --no-print-directory check-unit
	@+$(MAKE) --no-print-directory check-fuzz
	@+$(MAKE) --no-print-directory check-cli
	@+$(MAKE) --no-print-directory check-demo
	@+$(MAKE) --no-print-directory check-suite
	@+$(MAKE) --no-print-directory check-valgrind
	@echo "all tests passed"

check-sources: ## check the direction of the includes, the headers, and that tables, manual and completion agree
	@sh tests/lint/arrows.sh
	@CC="$(CC)" DEP_CFLAGS="$(DEP_CFLAGS)" CHECK_CFLAGS="$(CHECK_CFLAGS)" sh tests/lint/headers.sh
	@sh tests/lint/completion.sh
	@$(PYTHON) tests/lint/json_manual.py man/mailauth-json.5

check-unit: $(if $(UNIT),build/asan/tests/unit/test_$(UNIT).run,$(asan_TESTS:=.run)) ## run the unit and property tests (UNIT=NAME: one of them)

# A machine under load is no reason to fail: libcheck's limit of 4 seconds a test is for hangs.
build/%.run: build/% force
	@CK_TIMEOUT_MULTIPLIER=20 $<

check-fuzz: $(asan_FUZZ:=.replay) ## run the fuzz targets over their corpora and mutations of them

build/asan/tests/fuzz/fuzz_%.replay: build/asan/tests/fuzz/fuzz_% force
	@$< -n $(FUZZ_ROUNDS) $(wildcard tests/fuzz/corpus/$*/*) && echo "fuzz_$*: corpus passed"

check-cli: build/asan/mailauth ## run the scenarios of the command line
	@$(PYTHON) tests/cli/run.py build/asan/mailauth $(CLI_TESTS)

check-suite: build/asan/tests/suite/suite build/asan/mailauth ## run the SPF conformance suite, where there is one (SPF_SUITE=FOLDER)
	@if [ -d "$(SPF_SUITE)" ]; then \
		$(PYTHON) tests/suite/convert.py "$(SPF_SUITE)" | build/asan/tests/suite/suite && \
		$(PYTHON) "$(SPF_SUITE)/run.py" --mailauth build/asan/mailauth; \
	else echo "conformance suite: not at $(SPF_SUITE), left out (SPF_SUITE=FOLDER names it)"; fi

check-demo: build/asan/mailauth
	@sh tests/demo.sh build/asan/mailauth >build/demo.out || { cat build/demo.out; exit 1; }
	@echo "demo: as expected"

# Unit tests: memory errors (ASan looks for leaks; fixtures keep what the test looks at until its end). The program: leaks too.
check-valgrind: build/debug/mailauth $(debug_UNIT:=.valgrind) ## run the unit tests and the example under valgrind
	@$(PYTHON) tests/cli/run.py --wrap "$(VALGRIND) --leak-check=full --errors-for-leak-kinds=definite" build/debug/mailauth \
		tests/cli/example.test
	@echo "valgrind: clean"

build/debug/%.valgrind: build/debug/% force
	@CK_FORK=no CK_DEFAULT_TIMEOUT=0 CK_VERBOSITY=minimal $(VALGRIND) $<

check-newest: ## run the tests in a fresh Debian 13 with the newest c-ares (root, debootstrap; SUITE=NAME: another one)
	@sh tests/newest.sh $(or $(SUITE),trixie)

bench: build/release/mailauth build/release/tests/bench/responder ## measure speed beside other programs; prints ratios
	@$(PYTHON) tests/bench/latency.py build/release/mailauth build/release/tests/bench/responder
	@$(PYTHON) tests/bench/lint.py build/release/mailauth
	@$(PYTHON) tests/bench/diff.py build/release/mailauth

deps: ## install what building and testing need, with the system's package manager
	@sh tests/deps.sh

deps-lint: ## the same, and the tools of lint
	@sh tests/deps.sh lint

C_FILES = $(wildcard src/*/*.[ch] include/mailauth/*.h tests/*/*.[ch])
SHELL_FILES = $(wildcard tests/*.sh tests/*/*.sh src/cli/completion/*.bash .ci/run)

lint: ## formatting, static analysis, compilers' warnings, manual pages, shell scripts
	@$(MAKE) --no-print-directory check-sources
	@echo "clang-format"
	@clang-format --dry-run -Werror $(C_FILES)
	@sh tests/lint/warnings.sh $(SOURCES) -- $(OUR_CPPFLAGS) $(OUR_CFLAGS)
	@sh tests/lint/tidy.sh $(SOURCES) -- $(OUR_CPPFLAGS) $(OUR_CFLAGS)
	@echo "cppcheck"
	@cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
		--suppressions-list=tests/lint/cppcheck.txt -Isrc -Iinclude src
	@echo "mandoc"
	@mandoc -Tlint -W warning $(wildcard man/*.[1-9])
	@echo "shellcheck"
	@shellcheck $(SHELL_FILES)
	@echo "lint: clean"

format: ## lay the C files out as .clang-format says
	@clang-format -i $(C_FILES)

# libFuzzer, by hand: make fuzz TARGET=wire SECONDS=60
fuzz: ## fuzz one parser with clang: make fuzz TARGET=wire SECONDS=60
	@mkdir -p build/fuzz/corpus/$(TARGET)
	clang $(OUR_CPPFLAGS) -Itests $(OUR_CFLAGS) $(CHECK_CFLAGS) -g -O1 -fsanitize=fuzzer,address,undefined \
		-o build/fuzz/fuzz_$(TARGET) tests/fuzz/fuzz_$(TARGET).c $(CORE_SOURCES) $(TEST_SUPPORT) $(CHECK_LIBS) $(DEP_LIBS)
	build/fuzz/fuzz_$(TARGET) -max_total_time=$(or $(SECONDS),60) build/fuzz/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)

install: all ## install below DESTDIR and PREFIX
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man5 \
		$(DESTDIR)$(DATADIR)/bash-completion/completions $(DESTDIR)$(DATADIR)/mailauth/schema \
		$(DESTDIR)$(MANDIR)/man3 $(DESTDIR)$(MANDIR)/man7 $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/mailauth
	$(INSTALL) -m 755 build/release/mailauth $(DESTDIR)$(BINDIR)/mailauth
	$(INSTALL) -m 644 man/*.1 $(DESTDIR)$(MANDIR)/man1/
	$(INSTALL) -m 644 man/*.3 $(DESTDIR)$(MANDIR)/man3/
	$(INSTALL) -m 644 man/*.5 $(DESTDIR)$(MANDIR)/man5/
	$(INSTALL) -m 644 man/*.7 $(DESTDIR)$(MANDIR)/man7/
	$(INSTALL) -m 644 man/*.7 $(DESTDIR)$(MANDIR)/man7/
	$(INSTALL) -m 644 src/cli/completion/mailauth.bash $(DESTDIR)$(DATADIR)/bash-completion/completions/mailauth
	$(INSTALL) -m 644 src/report/schema/*.json $(DESTDIR)$(DATADIR)/mailauth/schema/
	$(INSTALL) -m 644 build/release/libmailauth.a $(DESTDIR)$(LIBDIR)/
	$(INSTALL) -m 644 include/mailauth/*.h $(DESTDIR)$(INCLUDEDIR)/mailauth/
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' src/library/mailauth.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/mailauth.pc

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/mailauth $(DESTDIR)$(MANDIR)/man1/mailauth.1 $(DESTDIR)$(MANDIR)/man5/mailauth-json.5 $(DESTDIR)$(MANDIR)/man5/mailauth-config.5 $(DESTDIR)$(MANDIR)/man7/mailauth-rules.7 \
		$(DESTDIR)$(DATADIR)/bash-completion/completions/mailauth
	rm -f $(DESTDIR)$(MANDIR)/man3/libmailauth.3 $(DESTDIR)$(MANDIR)/man7/mailauth-rules.7 $(DESTDIR)$(LIBDIR)/libmailauth.a $(DESTDIR)$(LIBDIR)/pkgconfig/mailauth.pc
	rm -rf $(DESTDIR)$(DATADIR)/mailauth $(DESTDIR)$(INCLUDEDIR)/mailauth

clean: ## remove everything that was built
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | sort -u | while IFS='|' read -r t d; do printf '  %-15s %s\n' "$$t" "$$d"; done

endif
