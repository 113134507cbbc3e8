# TCP Lab. `make run` shows it, `make test` proves it; both install what is missing (see .ci/setup).
# `make help` lists the rest. Everything built goes to build/, one folder for each flavour of the C code:
#
#   build/native   what ships: libtcplab.a and the tcplab command line
#   build/test     with sanitizers, and with invariants checked after each event: the tests link this one
#   build/bench    as fast as it goes: no trace, no asserts
#   build/fuzz     clang's fuzzer
#   build/wasm     the same core as one .wasm without imports, for the page

ifeq ($(origin CC),default)
CC := gcc
endif
CLANG   ?= clang
EMCC    ?= emcc
AR      := ar
NODE    ?= node
NPM     ?= npm
PORT    ?= 8080
SECONDS ?= 60
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# `  CC  file` and nothing more, unless V=1 asks for whole commands.
ifeq ($(V),1)
say =
else
say = @printf '  %-5s %s\n' $(1) $(2);
endif

# ---- Sources: a new file in one of these folders is picked up by itself ----------------------------

core_src    := $(filter-out core/native/%,$(wildcard core/*/*.c))
native_src  := $(wildcard core/native/*.c)
wasm_src    := $(wildcard wasm/*.c)
unit_src    := $(wildcard tests/unit/*_test.c)
lab_src     := $(wildcard tests/lab/*_test.c)
pkt_src     := $(wildcard tests/pkt/*_test.c)
sim_src     := $(wildcard tests/sim/*.c)
fuzz_src    := $(wildcard tests/fuzz/*_fuzz.c)
bench_src   := $(wildcard tests/bench/*_bench.c)
web_src     := $(shell find web wasm \( -name node_modules -prune \) -o -type f ! -name '*.c' ! -name '*.h' -print)

# ---- Flags -----------------------------------------------------------------------------------------

# clang counts sign conversions among -Wconversion and gcc does not; both check the same here.
warnings    := -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Wshadow -Werror
# No fused multiply-add, which only some machines have: the same run gives the same bytes everywhere.
common      := -std=c11 -ffp-contract=off -Icore -MMD -MP $(warnings)
sanitize    := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# TCPLAB_TRACE=0 leaves the trace out; TCPLAB_UNTRACED=0 what is done only without one, as no host of the page is;
# TCPLAB_CHECK=1 checks invariants after each event, and shortcuts against the long way.
flags_native := -O2 -g -DTCPLAB_CHECK=0
flags_test   := -O1 -g $(sanitize) -DTCPLAB_CHECK=1 -Itests
# gcc optimises across files, as the WebAssembly build does, and is let make one function of what one packet goes through,
# layer by layer; fat objects, so that plain ar can index them.
gcc_bench    := -flto=auto -ffat-lto-objects --param max-inline-insns-auto=400 --param max-inline-insns-single=2000 \
                --param inline-min-speedup=1 --param inline-unit-growth=1000 --param large-function-growth=1000 -fno-tree-slp-vectorize
flags_bench  := -O3 -g $(if $(findstring gcc,$(CC)),$(gcc_bench)) -DNDEBUG -DTCPLAB_TRACE=0 -DTCPLAB_CHECK=0 -Wno-unused -Itests $(patsubst -I%,-isystem %,$(shell pkg-config --cflags lwip 2>/dev/null))
flags_fuzz   := -O1 -g $(sanitize) -fsanitize=fuzzer-no-link -DTCPLAB_CHECK=1 -Itests
# wasm/text.c has these; what the compiler makes of them when it knows them is in musl alone.
wasm_text    := -fno-builtin-sprintf -fno-builtin-snprintf -fno-builtin-vsnprintf -fno-builtin-sscanf -fno-builtin-strtod
# All of it is made small, also what each segment goes through: that costs a long run a twentieth of its time at most, and
# saves every visitor 4 kB. What browsers with vector instructions have had for longer makes conversions of numbers short.
flags_wasm   := -Oz -DTCPLAB_UNTRACED=0 -DTCPLAB_CHECK=0 -flto -msimd128 -mbulk-memory -mnontrapping-fptoint -msign-ext $(wasm_text) \
                -isystem build/cjson
flags_bench_wasm := -O3 -DNDEBUG -DTCPLAB_TRACE=0 -DTCPLAB_CHECK=0 -Wno-unused -flto -msimd128 -mbulk-memory $(wasm_text) -Itests

# Emscripten's own scripts are node programs that Debian keeps their modules apart from.
emcc_env    := $(if $(wildcard /usr/share/nodejs),NODE_PATH=/usr/share/nodejs)

cc_native := $(CC)
cc_test   := $(CC)
cc_bench  := $(CC)
cc_fuzz   := $(CLANG)
cc_wasm   := $(strip $(emcc_env) $(EMCC))
cc_bench_wasm := $(cc_wasm)

cjson_libs  := $(shell pkg-config --libs libcjson 2>/dev/null || echo -lcjson) -lm
cmocka_libs := $(shell pkg-config --libs cmocka 2>/dev/null || echo -lcmocka)
lwip_libs   := $(shell pkg-config --libs lwip 2>/dev/null || echo -llwip)

.PHONY: all native wasm web
all: native wasm web

# ---- Objects and the library, by flavour -----------------------------------------------------------

# build/<flavour>/flags holds the compiler and flags that the objects beside it were made with. It is
# written only when they change: `make CC=clang` after `make` builds anew, a second `make` does nothing.
define flavour_rules
build/$(1)/flags: FORCE
	@mkdir -p $$(@D)
	@echo '$$(cc_$(1)) $$(common) $$(flags_$(1)) $$(CFLAGS)' >$$@.$$$$$$$$; \
	if cmp -s $$@.$$$$$$$$ $$@; then rm $$@.$$$$$$$$; else mv $$@.$$$$$$$$ $$@; fi

build/$(1)/%.o: %.c build/$(1)/flags
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)$$(cc_$(1)) $$(common) $$(flags_$(1)) $$(CFLAGS) -c -o $$@ $$<

build/$(1)/libtcplab.a: $(core_src:%.c=build/$(1)/%.o)
	@rm -f $$@ # and q, not r: two layers may have files of one name
	$$(call say,AR,$$@)$$(AR) qcs $$@ $$^

-include $$(shell find build/$(1) -name '*.d' 2>/dev/null)
endef
$(foreach flavour,native test bench bench_wasm fuzz wasm,$(eval $(call flavour_rules,$(flavour))))

.PHONY: FORCE
FORCE:

# ---- The command line ------------------------------------------------------------------------------

native: build/native/libtcplab.a $(if $(native_src),build/native/tcplab)

build/native/tcplab: $(native_src:%.c=build/native/%.o) build/native/libtcplab.a
	$(call say,LD,$@)$(CC) $(flags_native) $(LDFLAGS) -o $@ $^ $(cjson_libs)

# Which function decides what, for the page and for --why: a table made of the sources.
build/sites.def: wasm/sites.awk $(core_src)
	$(call say,AWK,$@)LC_ALL=C awk -f $< $(sort $(core_src)) >$@

build/native/core/native/why.o: private flags_native += -Ibuild
build/native/core/native/why.o: build/sites.def

# What the command line writes of its own tables, committed so that people and editors find it. A test says when
# one of them is old.
.PHONY: reference
reference: build/native/tcplab
	build/native/tcplab schema >web/public/scenario.schema.json
	build/native/tcplab schema --markdown >core/lab/SCENARIO.md
	build/native/tcplab manual >core/native/tcplab.1

# ---- WebAssembly -----------------------------------------------------------------------------------

# The result has no imports: wasm/runtime.c answers what musl would ask of a system (and has the malloc that nobody calls),
# and wasm/text.c is in place of what would ask most. What C exports says so itself (LAB_EXPORT in wasm/lab_api.h). The stack
# lies first, so that running over its end traps; 64 KiB less than 1 MiB, for addresses below 2^20 take a byte less each. Made
# small once more, it becomes smaller still.
wasm_link := --no-entry -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=2GB -sINITIAL_MEMORY=8MB \
             -sTOTAL_STACK=983040 -sMALLOC=emmalloc -sSUPPORT_ERRNO=0 -Wl,--stack-first -sBINARYEN_EXTRA_PASSES=-Oz

wasm_libc := wasm/runtime.o wasm/text.o wasm/number.o

wasm: build/wasm/tcplab.wasm build/wasm/capture.wasm build/wasm/check.wasm

wasm_obj := $(core_src:%.c=build/wasm/%.o) $(wasm_src:%.c=build/wasm/%.o) build/wasm/cjson/cJSON.o

build/wasm/tcplab.wasm: $(wasm_obj)
	$(call say,LD,$@)$(cc_wasm) $(flags_wasm) $(wasm_link) -o $@ $^

build/wasm/core/base/crc32.o: private flags_wasm += -DCRC32_HALVES
build/wasm/wasm/layout.o: private flags_wasm += -Ibuild
build/wasm/wasm/layout.o: build/sites.def

# Capture files have a module of their own, which a page downloads when one is opened.
capture_obj := $(core_src:%.c=build/wasm/%.o) build/wasm/wasm/capture/capture_api.o $(wasm_libc:%=build/wasm/%) build/wasm/cjson/cJSON.o

build/wasm/capture.wasm: $(capture_obj)
	$(call say,LD,$@)$(cc_wasm) $(flags_wasm) $(wasm_link) -o $@ $^

# So has the checker of lessons, for the page on which they are written.
check_obj := $(core_src:%.c=build/wasm/%.o) build/wasm/wasm/check/check_api.o $(wasm_libc:%=build/wasm/%) build/wasm/cjson/cJSON.o

build/wasm/check.wasm: $(check_obj)
	$(call say,LD,$@)$(cc_wasm) $(flags_wasm) $(wasm_link) -o $@ $^

# cJSON.h must be there before anything that may include it is compiled.
$(wasm_obj) $(capture_obj) $(check_obj): | build/cjson/cjson/cJSON.c

build/wasm/cjson/cJSON.o: build/cjson/cjson/cJSON.c build/wasm/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)$(cc_wasm) -std=c11 $(flags_wasm) -w -c -o $@ $<

# Natively we link the system's libcjson; for WebAssembly its source is taken from the same distribution.
# CJSON_DIR=folder uses a copy that is there already; it must be the one with these sums.
CJSON_C_SHA256 := 5c5ab83a24eecfebc25b6aa4d47dbdb5f23d1baec92de75fec5f0528dbe255a7
CJSON_H_SHA256 := c25b54ebc98e814eb7b3eeaf12ce899806f87ff5a275b20a3b77dbb3968e5d0b

build/cjson/cjson/cJSON.c:
	$(call say,GET,$@)CJSON_DIR='$(CJSON_DIR)' .ci/fetch-cjson build/cjson $(CJSON_C_SHA256) $(CJSON_H_SHA256)

# ---- The page --------------------------------------------------------------------------------------

web: $(if $(wildcard web/index.html),build/web/index.html)

build/web/index.html: $(web_src) build/wasm/tcplab.wasm build/wasm/capture.wasm build/wasm/check.wasm | web/node_modules/.package-lock.json
	$(call say,VITE,$@)cd web && node_modules/.bin/vite build --logLevel warn
	@touch $@

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	$(call say,NPM,web/node_modules)cd web && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: node_modules run dev dist
node_modules: web/node_modules/.package-lock.json

run:
	@.ci/setup run
	@$(MAKE) -j$(JOBS) all
	@$(NODE) web/serve.js build/web $(PORT) --live

dev: wasm node_modules
	cd web && node_modules/.bin/vite --port $(PORT)

# The lab in one classic script, for frames and files that may not load modules.
build/all/tcp-lab.all.js: build/web/index.html
	$(call say,VITE,$@)cd web && node_modules/.bin/vite build -c vite.all.config.js --logLevel warn

dist: build/all/tcp-lab.all.js
	$(call say,DIST,build/dist)$(NODE) web/packages/make.js build $(LESSONS)

# ---- Tests -----------------------------------------------------------------------------------------

unit_bin := $(unit_src:tests/unit/%.c=build/test/unit/%)
lab_bin  := $(lab_src:tests/lab/%.c=build/test/lab/%)
pkt_bin  := $(pkt_src:tests/pkt/%.c=build/test/pkt/%)

# Helpers of a suite, tests/<suite>/support/*.c, are an archive, of which each program takes what it uses.
define support_rules
build/$(1)/tests/$(2)/support.a: $(patsubst %.c,build/$(1)/%.o,$(wildcard tests/$(2)/support/*.c))
	@mkdir -p $$(@D) && rm -f $$@
	$$(call say,AR,$$@)$$(AR) qcs $$@ $$^
endef
$(eval $(call support_rules,test,unit))
$(eval $(call support_rules,test,lab))
$(eval $(call support_rules,test,pkt))
$(eval $(call support_rules,fuzz,fuzz))
$(eval $(call support_rules,bench,bench))

support_test := build/test/tests/pkt/support.a build/test/tests/lab/support.a build/test/tests/unit/support.a

define test_rules
build/test/$(1)/%: build/test/tests/$(1)/%.o $(support_test) build/test/libtcplab.a
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(flags_test) $$(LDFLAGS) -o $$@ $$^ $$(cmocka_libs) $$(cjson_libs)
endef
$(foreach suite,unit pkt lab,$(eval $(call test_rules,$(suite))))

build/test/sim/tcp_sim: $(sim_src:%.c=build/test/%.o) build/test/tests/unit/support.a build/test/libtcplab.a
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(flags_test) $(LDFLAGS) -o $@ $^ $(cjson_libs)

.PHONY: sim sim-build goodput
sim-build: build/test/sim/tcp_sim
sim: sim-build
	@$(NODE) tests/run.js --no-build sim

# The table that the suite holds the stack against, moved on purpose.
goodput: sim-build
	@build/test/sim/tcp_sim --goodput tests/sim/goodput.txt --update

.PHONY: test test-build unit unit-build pkt pkt-build lab lab-build
test:
	@.ci/setup test
	@$(NODE) tests/run.js $(SUITES)

# What tests/run.js needs built. It calls this with -k: what does not compile is a failure of that test only.
test-build: unit-build pkt-build lab-build sim-build all dist node_modules tests/hosts/node_modules/.package-lock.json build/test/hosts/small_pages

# What other people make pages with.
tests/hosts/node_modules/.package-lock.json: tests/hosts/package.json tests/hosts/package-lock.json
	$(call say,NPM,tests/hosts/node_modules)cd tests/hosts && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

build/test/hosts/small_pages: build/native/tests/hosts/small_pages.o
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(flags_native) $(LDFLAGS) -o $@ $^

unit-build: $(unit_bin)
pkt-build: $(pkt_bin)
lab-build: $(lab_bin)

unit pkt lab:
	@$(MAKE) -k -j$(JOBS) $@-build; built=$$?; $(NODE) tests/run.js --no-build $@ && exit $$built

# ---- Fuzzers ---------------------------------------------------------------------------------------

fuzz_bin := $(fuzz_src:tests/fuzz/%.c=build/fuzz/%)

build/fuzz/%_fuzz: build/fuzz/tests/fuzz/%_fuzz.o build/fuzz/tests/fuzz/support.a build/fuzz/libtcplab.a
	$(call say,LD,$@)$(CLANG) $(flags_fuzz) -fsanitize=fuzzer -o $@ $^ $(cjson_libs)

.PHONY: fuzz fuzz-build
fuzz-build: $(fuzz_bin)
fuzz:
	@.ci/setup fuzz
	@$(MAKE) -j$(JOBS) fuzz-build
	@tests/fuzz.sh $(SECONDS) $(JOBS) $(fuzz_bin)

# ---- Benchmarks ------------------------------------------------------------------------------------

bench_bin := $(bench_src:tests/bench/%.c=build/bench/%)

# lwip_*_bench is the peer: the same kind of program, on Debian's liblwip in place of our library.
build/bench/lwip_%_bench: build/bench/tests/bench/lwip_%_bench.o build/bench/tests/bench/support.a
	$(call say,LD,$@)$(CC) $(flags_bench) -o $@ $^ $(lwip_libs)

build/bench/%_bench: build/bench/tests/bench/%_bench.o build/bench/tests/bench/support.a build/bench/libtcplab.a
	$(call say,LD,$@)$(CC) $(flags_bench) -o $@ $^ $(cjson_libs)

# The same cases as a module, without lab/, which needs cJSON.
bench_wasm_src := $(filter-out core/lab/%,$(core_src)) $(addprefix tests/bench/,stack_bench.c wasm.c support/bench.c)

build/bench/stack_bench.wasm: $(bench_wasm_src:%.c=build/bench_wasm/%.o) $(wasm_libc:%=build/bench_wasm/%)
	$(call say,LD,$@)$(cc_wasm) $(flags_bench_wasm) $(wasm_link) -sINITIAL_MEMORY=64MB -o $@ $^

.PHONY: bench bench-build bench-page
bench-build: $(bench_bin) build/bench/stack_bench.wasm wasm
bench:
	@.ci/setup bench
	@$(MAKE) -j$(JOBS) bench-build
	@$(NODE) tests/bench/run.js
	@$(MAKE) bench-page

# In a browser, where there is one: time to the first answer, work of a frame, memory.
bench-page: web
	@$(NODE) tests/bench/load.js
	@$(NODE) tests/bench/frames.js
	@$(NODE) tests/bench/hour.js

# ---- The rest --------------------------------------------------------------------------------------

.PHONY: interop lint format clean help
interop:
	@.ci/setup interop
	@$(MAKE) -j$(JOBS) native
	@$(NODE) tests/run.js --no-build interop

lint:
	@.ci/setup lint
	@$(MAKE) -j$(JOBS) node_modules build/cjson/cjson/cJSON.c build/sites.def
	@CC='$(CC)' CLANG='$(CLANG)' JOBS=$(JOBS) .ci/lint

format:
	clang-format -i $(or $(FILES),$$(git ls-files --cached --others --exclude-standard '*.c' '*.h'))

clean:
	rm -rf build

help:
	@echo 'make                   builds native library, build/native/tcplab, WebAssembly and page into build/'
	@echo 'make run [PORT=8080]   installs what is missing, builds, serves the lab; reloads when a lesson is saved'
	@echo 'make test [SUITES=..]  installs what is missing, runs every test (or: tidy unit pkt lab sim wasm web lessons tshark e2e hosts)'
	@echo 'make unit, pkt, lab    the C tests alone, without set-up'
	@echo 'make sim [SEEDS=N]     that many simulated connections (10000; FROM=N starts elsewhere)'
	@echo 'make reference         writes the JSON Schema, its page and the man page anew'
	@echo 'make goodput           writes tests/sim/goodput.txt anew'
	@echo 'make bench             measures against peers, writes build/bench.json'
	@echo 'make bench-page        the part of it that measures the page, in Chromium'
	@echo 'make interop           real kernel and clients; root only'
	@echo 'make fuzz SECONDS=60   every fuzzer for that long'
	@echo 'make lint              formatters, linters, type checks'
	@echo 'make format [FILES=..]  clang-format, in place'
	@echo 'make dev               the page with live reload'
	@echo 'make dist [LESSONS=..] static site in build/dist; npm, SCORM, cmi5 and single-file packages in build/packages'
	@echo 'make clean             removes build/'
	@echo 'V=1 shows whole commands; CC=clang takes another compiler'
