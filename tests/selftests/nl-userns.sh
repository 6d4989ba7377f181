#!/bin/bash
# The root of a user namespace may write only with allow_userns=1, and then little.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
lab_start
echo 1 >/proc/sys/kernel/unprivileged_userns_clone 2>/dev/null || :
policy <<'END'
bridge add br0
domain add web
END
lab state save before

# as_nobody WORDS...: in a user namespace of nobody's, as its root.
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare "$@"
}

cat >"$lab_dir/inside.py" <<'END'
from check import *
allowed, own = sys.argv[1] == "1", sys.argv[2] == "own"
genl = vsegnl.Genl()
ok(ask(genl, "status-get"), "status can be read")
if not allowed or not own:
    for command, values in (
            ("begin", {}), ("off", {}), ("domain-add", {"name": "x"}),
            ("bridge-add", {"name": "br0"}), ("settings-set", {"unmanaged": 1}),
            ("domain-del", {"name": "web"}),
            ("cell-set", {"src": "any", "dst": "any", "action": 1})):
        try:
            ask(genl, command, **values)
            ok(False, f"{command}: went through")
        except vsegnl.Refused as error:
            equal(f"errno of {command}", error.errno, errno.EPERM)
            # In others' namespaces it is not vseg that refuses.
            ok(error.msg != os.strerror(errno.EPERM) or not own, f"{command}: no words")
    done()


def fill(most, least, command, make):
    """Until the bound; it comes with words."""
    for number in range(most + 1):
        try:
            ask(genl, command, **make(number))
        except vsegnl.Refused as error:
            ok(number >= least, f"{command}: only {number}")
            ok(error.errno == errno.ENOSPC, f"{command}: {error}")
            ok(error.msg, f"{command}: no words")
            return number
    ok(False, f"{command}: {most} and no bound")
    return most


fill(256, 2, "bridge-add", lambda n: {"name": f"br{n}"})
ask(genl, "cell-set", src="any", dst="any", action=0)
count = fill(4096, 16, "domain-add", lambda n: {"name": f"d{n}"})
cookie = ask(genl, "begin")["cookie"]
fill(65536, 256, "cell-set", lambda n: {
    "cookie": cookie, "src": f"d{n // count}", "dst": f"d{n % count}",
    "action": 0})
ask(genl, "abort", cookie=cookie)
equal("active", ask(genl, "status-get")["active"], 1)
refused(genl, "EINVAL", "domain-add", name="9", at="name")
ask(genl, "off")
equal("active", ask(genl, "status-get")["active"], 0)
done()
END
chmod 755 "$lab_dir"

value /sys/module/vseg/refcnt
refs=$R
setting allow_userns 0
works as_nobody -Ur -n python3 -S "$lab_dir/inside.py" 0 own
works as_nobody -Ur python3 -S "$lab_dir/inside.py" 0 others
untouched before
setting allow_userns 1
works as_nobody -Ur -n python3 -S "$lab_dir/inside.py" 1 own
works as_nobody -Ur python3 -S "$lab_dir/inside.py" 1 others
untouched before

# It decides there too, and goes with the namespace.
works as_nobody -Ur -n "$BASH" -c '
	ip link add br0 type bridge &&
	ip link add v0 master br0 type veth peer name v1 &&
	vsegctl bridge add br0 && vsegctl domain add web &&
	vsegctl port bind v0 web'
soon 20 file_is /sys/module/vseg/refcnt "$refs"
setting allow_userns 0
untouched before
