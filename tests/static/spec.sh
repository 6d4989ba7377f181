# shellcheck shell=bash
# The netlink spec follows the kernel's schema, and the checked-in header is
# what the kernel's generator makes of it.
spec=Documentation/netlink/specs/vseg.yaml
tree=$SCRATCH/tree

# The generator looks for the schema beside the specs and for a MAINTAINERS
# above, and never ends without.
mkdir -p "$tree/Documentation/netlink/specs"
cp "$KERNEL"/Documentation/netlink/*.yaml "$tree/Documentation/netlink/"
cp "$spec" "$tree/$spec"
touch "$tree/MAINTAINERS"

cd "$tree" || exit
generator=$(find "$KERNEL/tools/net/ynl" -name 'ynl[-_]gen[-_]c.py' | head -n 1)
timeout 120 python3 "$generator" --mode uapi --header --spec "$spec" \
	-o vseg.h >log 2>&1 || { grep -m 3 Error log; exit 1; }
cd - >/dev/null || exit
diff -u include/uapi/linux/vseg.h "$tree/vseg.h"
