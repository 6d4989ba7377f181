#!/bin/bash
# systemd puts the policy in force before the network and guests; a bad one leaves the host closed and is told.
# kernels: one
# time limit: 300
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"

# systemd is the first process of a pid namespace, in this network namespace.
# What it finds in /etc and /usr, and writes there, is this test's.  On the host
# that it boots, vsegtest-net makes a bridge, and pve-guests a guest.
[[ -x /usr/lib/systemd/systemd ]] || skip "there is no systemd here"
modprobe -q overlay || grep -qw overlay /proc/filesystems ||
	skip "this kernel has no overlayfs"

put_away() {
	halt
	[[ ! -d /sys/class/net/web0 ]] || ip link del web0
}

# unit NAME: from standard input.
unit() {
	cat >"/etc/systemd/system/$1"
}

# a_host: what this one has of its own, and vseg as it is installed.
a_host() {
	local dir host=$top/tools/host command
	command=$(command -v vsegctl)
	for dir in etc usr; do
		mkdir -p "$lab_dir/$dir/upper" "$lab_dir/$dir/work"
		mount -t overlay -o "lowerdir=/$dir,upperdir=$lab_dir/$dir/upper,workdir=$lab_dir/$dir/work" \
			overlay "/$dir"
	done
	install -D "$host/boot" /usr/libexec/vseg/boot
	install -D -m 644 "$host/system/vseg.service" /usr/lib/systemd/system/vseg.service
	install -D -m 644 "$host/system-preset/50-vseg.preset" \
		/usr/lib/systemd/system-preset/50-vseg.preset
	install -D -m 644 "$host/modules-load/vseg.conf" /usr/lib/modules-load.d/vseg.conf
	install -D -m 644 "$host/modprobe/vseg.conf" /etc/modprobe.d/vseg.conf
	[[ $command == /usr/* ]] || ln -s "$command" /usr/local/sbin/vsegctl
	mkdir -p /etc/vseg
	modprobe_by "modprobe -a bridge nf_conntrack; insmod $module_file \$CMDLINE_OPTS"
	a_host_units
}

# modprobe_by COMMAND: how vseg is loaded on that host.
modprobe_by() {
	[[ $module_file == installed && $1 == *insmod* ]] ||
		echo "install vseg $1" >/etc/modprobe.d/vseg-test.conf
}

# tmp.mount would hide $lab_dir; the others take their time and matter to nobody
# here.
a_host_units() {
	local name
	for name in tmp.mount {ldconfig,apparmor,kmod-static-nodes}.service \
		systemd-{hwdb-update,journal-catalog-update,update-done,sysusers,firstboot}.service \
		systemd-{tmpfiles-setup,tmpfiles-setup-dev,tmpfiles-setup-dev-early}.service \
		systemd-{udevd,udev-trigger,random-seed,machine-id-commit,sysctl,binfmt}.service \
		systemd-{udevd-control,udevd-kernel}.socket; do
		ln -s /dev/null "/etc/systemd/system/$name"
	done
	unit vsegtest-net.service <<-END
		[Unit]
		Wants=network-pre.target
		After=network-pre.target
		[Service]
		Type=oneshot
		ExecStart=/bin/sh -c 'vsegctl status >$lab_dir/at-network 2>&1; \
			ip link add br0 type bridge forward_delay 0; ip link set br0 up'
	END
	unit pve-guests.service <<-END
		[Unit]
		After=vsegtest-net.service
		[Service]
		Type=oneshot
		ExecStart=/bin/sh -c 'vsegctl status >$lab_dir/at-guests 2>&1; \
			ip link add web0 type dummy; ip link set web0 master br0 up; \
			vsegctl port >$lab_dir/ports 2>&1'
	END
	unit vsegtest.target <<-END
		[Unit]
		Requires=sysinit.target
		Wants=vsegtest-net.service pve-guests.service vsegtest-done.service
		AllowIsolate=yes
	END
	unit vsegtest-done.service <<-END
		[Unit]
		After=pve-guests.service
		[Service]
		ExecStart=/usr/bin/touch $lab_dir/booted
	END
}

# boot: until guests have started.
boot() {
	rm -f "$lab_dir"/{at-network,at-guests,ports,booted,console}
	# shellcheck disable=SC2016  # the inner shell's own
	(
		mkdir -p /sys/fs/cgroup/vsegtest
		echo "$BASHPID" >/sys/fs/cgroup/vsegtest/cgroup.procs
		exec script -qefc 'exec unshare --mount --pid --cgroup --fork --kill-child --mount-proc \
			/bin/sh -ec "mount -t cgroup2 cgroup2 /sys/fs/cgroup
				mount -t tmpfs tmpfs /run
				mount --bind \"\$(tty)\" /dev/console
				exec env -i container=vsegtest /usr/lib/systemd/systemd --system --unit=vsegtest.target --show-status=no"' \
			"$lab_dir/console" </dev/null >/dev/null 2>&1
	) &
	soon 120 test -e "$lab_dir/booted"
	first=$(pgrep -o -x systemd)
}

# inside CMD...: as a root user of the host that was booted.
inside() {
	nsenter -t "$first" --mount --pid -- "$@"
}

# state UNIT PROPERTY
state() {
	inside systemctl show -P "$2" "$1"
}

# halt: it and all its processes.
halt() {
	[[ ${first-} ]] || return 0
	kill -KILL "$first"
	wait
	first=
}

# again: the same host once more, with nothing in the kernel from before.
again() {
	halt
	works vsegctl off
	ip link del web0
	ip link del br0
	module_unload
	boot
}


hv_up
trap 'leave_host "$?"' EXIT
a_host
module_unload
systemctl preset vseg.service
works test -L /etc/systemd/system/sysinit.target.wants/vseg.service

# A policy is in force before there is a bridge, and labels the first guest.
cat >/etc/vseg/policy.yaml <<'END'
version: 1
domains: {web: 100}
END
mkdir /etc/vseg/policy.d
cat >/etc/vseg/policy.d/host.yaml <<'END'
version: 1
bridges: {br0: enforce}
ports: [{glob: "web*", domain: web}]
END
boot
is "vseg.service" "$(state vseg ActiveState)" active
like "when the network began" "$(<"$lab_dir/at-network")" ': ENFORCING generation 1'
like "when guests started" "$(<"$lab_dir/at-guests")" ': ENFORCING generation 1'
like "the guest's port" "$(<"$lab_dir/ports")" 'web0 +br0 .*web'
for before in network-pre.target libvirtd.service virtqemud.service pve-guests.service; do
	like "units behind" " $(state vseg Before) " " $before "
done

# A reload that fails leaves what is in force, and so does a restart.
echo 'bridges: {br0: enforced}' >>/etc/vseg/policy.yaml
fails inside systemctl reload vseg
is "vseg.service" "$(state vseg ActiveState)" active
fails inside systemctl restart vseg
is "vseg.service" "$(state vseg ActiveState)" failed
like "status" "$(vsegctl status)" ': ENFORCING generation 1'
like "what was told" "$(inside journalctl -u vseg)" 'the one before stays'
is "lockdown" "$(</sys/module/vseg/parameters/lockdown)" N

# A policy that can't be put in force: closed, told where and why, on the
# console too.  The rest of the host comes up.
again
is "vseg.service" "$(state vseg ActiveState)" failed
like "when the network began" "$(<"$lab_dir/at-network")" ': LOCKDOWN '
like "when guests started" "$(<"$lab_dir/at-guests")" ': LOCKDOWN '
like "journal" "$(inside journalctl -b -u vseg)" \
	'/etc/vseg/policy.yaml:3:16: expected enforce or monitor, not "enforced"'
told_on_console() {
	tr -d '\r' <"$lab_dir/console" >"$lab_dir/said"
	grep -q 'policy.yaml:3:16: expected enforce' "$lab_dir/said" &&
		grep -q 'THIS HOST IS CLOSED' "$lab_dir/said"
}
soon 10 told_on_console

# Mended, it opens as the policy says; without one the host is as it was.
sed -i '$d' /etc/vseg/policy.yaml
works inside systemctl restart vseg
is "vseg.service" "$(state vseg ActiveState)" active
like "status" "$(vsegctl status)" ': ENFORCING '
is "lockdown" "$(</sys/module/vseg/parameters/lockdown)" N

# A link that leads nowhere is no missing policy; lockdown by the operator stays.
works vsegctl off
rm -r /etc/vseg/policy.d
ln -sf /srv/nowhere /etc/vseg/policy.yaml
setting lockdown Y
fails inside systemctl restart vseg
like "status" "$(vsegctl status)" ': LOCKDOWN '
like "journal" "$(inside journalctl -b -u vseg)" 'policy.yaml: No such file'
printf 'version: 1\nbridges: {br0: enforce}\n' >/etc/vseg/valid
ln -sf valid /etc/vseg/policy.yaml
works inside systemctl restart vseg
is "lockdown" "$(</sys/module/vseg/parameters/lockdown)" Y
setting lockdown N

# To stop it takes nothing out of force.  Without a policy nothing is done.
works inside systemctl stop vseg
like "status" "$(vsegctl status)" ': ENFORCING '
works vsegctl off
rm /etc/vseg/policy.yaml
works inside systemctl start vseg
is "vseg.service" "$(state vseg ActiveState)" inactive
is "its condition" "$(state vseg ConditionResult)" no
like "status" "$(vsegctl status)" ': OFF '

# No module for this kernel: nothing can close the host, and that is told.
ln -sf valid /etc/vseg/policy.yaml
module_unload
modprobe_by /bin/false
fails inside systemctl restart vseg
is "vseg.service" "$(state vseg ActiveState)" failed
like "journal" "$(inside journalctl -b -u vseg)" 'NOTHING IS FILTERED'
halt
