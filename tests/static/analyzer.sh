# shellcheck shell=bash
# The static analyzers of clang and gcc, and clang's warnings, over the command
# and the tests that are no kernel code.
#
# `clang --analyze --analyzer-output text` shows the way to a finding.
make -s -C tests/fuzz O="$SCRATCH" "$SCRATCH/tables.h" || exit
export flags=$SCRATCH/flags
cat >"$flags" <<END
-std=gnu11 -D_GNU_SOURCE -DVSEG_VERSION='"static"' -DVSEG_LIBEXEC='"/"' -Itools -Iinclude/uapi
-I$SCRATCH
-Wall -Wextra -Wshadow -Wstrict-prototypes -Wold-style-definition -Wformat=2
-Wvla -Wundef -Wno-missing-field-initializers
$(pkg-config --cflags libnl-genl-3.0 json-c yaml-0.1)
END
export checkers=core,deadcode,nullability,security,unix,valist
checkers+=,optin.core,optin.portability,optin.taint
checkers+=,alpha.core,alpha.deadcode,alpha.security,alpha.unix

analyze() {
	local more=()
	# What stands in for the kernel's headers is for these alone.
	case $1 in
	tools/kernel/* | tests/fuzz/frame.c) more=(-Itools/kernel) ;;
	esac
	{
		clang --analyze "@$flags" "${more[@]}" \
			-Xclang "-analyzer-checker=$checkers" -o /dev/null "$1"
		clang -fsyntax-only "@$flags" "${more[@]}" "$1"
		gcc -O2 "@$flags" "${more[@]}" -fanalyzer -c -o /dev/null "$1"
	} 2>&1 | grep -E '(warning|error): '
}
export -f analyze

# shellcheck disable=SC2016  # the inner shell's
tests/static/files user | grep '\.c$' |
	xargs -n 1 -P "$(nproc)" bash -c 'analyze "$1"' analyze |
	sort -u | tests/static/sift analyzer
