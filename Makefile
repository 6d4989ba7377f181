# SPDX-License-Identifier: GPL-2.0
# vseg: `make help` says what there is.

VERSION := $(shell cat VERSION)
KDIR ?= /lib/modules/$(shell uname -r)/build
DKMS_SRC = $(DESTDIR)/usr/src/vseg-$(VERSION)
MODULES_LOAD = $(DESTDIR)/usr/lib/modules-load.d/vseg.conf
MODPROBE = $(DESTDIR)/etc/modprobe.d/vseg.conf

help:
	@sed -n 's/^## //p' Makefile

## In a virtual machine, installing what is lacking:
##   make demo            show the main job, in a minute
##   make sandbox         a prompt on a host with vseg and three guests
##   make check           all tests
##   make check-debug     more of them: in a debug kernel, with failing memory and
##                        planted faults, races, real guests, power cuts, analyzers
##   make check-matrix    packages, kernel upgrades and the tests on 6.1, 6.12
##                        and the newest kernels
##   make check-flows     100,000 flows of a stateful rule
##   make soak            races and fuzzing for long, in kernels that watch
##   make coverage        what of the module the tests run, by lines and branches
##   make bench           added instructions per frame, beside other filters
##   make bench-publish   all that Documentation/performance shows, in an hour
##   make scale           what the command takes at the limits, time and memory
##   make deb             Debian packages, in deb/
##
## On this machine:
##   make all             build the module for KDIR and the command
##   make install         install the command, its man page and completion,
##                        and the units that put the policy in force at boot
##   make dkms-install    hand the module's source to DKMS, which builds it,
##                        and have the module loaded at boot
##   make uninstall       take both away again
##   make clean

all: modules tools

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:
	$(MAKE) -C tools all

demo:
	@tests/vm/vm deps
	@tests/vm/vm build trixie >/dev/null
	@DEMO_COLOUR=$$(test -t 1 && echo 1); \
	tests/vm/vm run --timeout 300 -- env DEMO_COLOUR="$$DEMO_COLOUR" tests/demo/demo.sh

sandbox:
	@tests/vm/vm deps
	@tests/vm/vm build trixie >/dev/null
	@tests/vm/vm shell -- tests/demo/prompt.sh

check:
	@tests/check

check-debug:
	@tests/check analyzer debug memory planted guests power races

check-matrix:
	@tests/vm/vm deps
	@tests/matrix/run

check-flows:
	@tests/vm/vm deps
	@tests/vm/vm build trixie >/dev/null
	@tests/vm/vm run --mem 1024 --timeout 900 -- env FLOWS=100000 tests/run state-many

soak:
	@tests/soak

coverage:
	@tests/vm/vm deps
	@tests/coverage/run

bench:
	@tests/vm/vm deps
	@tests/bench/run

bench-publish:
	@tests/vm/vm deps
	@tests/bench/publish

scale:
	@tests/vm/vm deps
	@tests/scale/run

# For another suite: make deb SUITE=bookworm
SUITE ?= trixie
deb:
	@tests/vm/vm deps
	@tests/vm/vm deb --suite $(SUITE) deb

install:
	$(MAKE) -C tools install

dkms-install:
	mkdir -p $(DKMS_SRC)
	cp -r Kbuild dkms.conf VERSION COPYING kmod include $(DKMS_SRC)/
	dkms install vseg/$(VERSION) $(DKMSFLAGS)
	install -D -m 644 tools/host/modules-load/vseg.conf $(MODULES_LOAD)
	[ -e $(MODPROBE) ] || install -D -m 644 tools/host/modprobe/vseg.conf $(MODPROBE)

# Options that the operator has set stay.
uninstall:
	-dkms remove vseg/$(VERSION) --all
	rm -rf $(DKMS_SRC) $(MODULES_LOAD)
	! cmp -s tools/host/modprobe/vseg.conf $(MODPROBE) || rm -f $(MODPROBE)
	$(MAKE) -C tools uninstall

clean:
	$(MAKE) -C tools clean
	if [ -d $(KDIR) ]; then $(MAKE) -C $(KDIR) M=$(CURDIR) clean; fi

.PHONY: help all modules tools demo sandbox check check-debug check-matrix check-flows soak \
	coverage bench bench-publish scale deb install dkms-install uninstall clean
