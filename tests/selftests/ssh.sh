#!/bin/bash
# A policy that would cut an SSH session of the host is refused.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# time limit: 180

# The second port is not 22: sessions are known by their process, too.
port=2222
keys() {
	ssh-keygen -q -t ed25519 -N '' -f "$lab_dir/host"
	ssh-keygen -q -t ed25519 -N '' -f "$lab_dir/user"
	cp "$lab_dir/user.pub" "$lab_dir/authorized"
	chmod 600 "$lab_dir/authorized"
	mkdir -p /run/sshd
}

listens() {
	[[ $(ss -Hltn "sport = :$port") ]]
}

# session: one that answers each line it is given.
session() {
	mkfifo "$lab_dir/to" "$lab_dir/from"
	ip netns exec admin ssh -T -p "$port" -i "$lab_dir/user" \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o LogLevel=ERROR root@10.0.0.254 cat \
		<"$lab_dir/to" >"$lab_dir/from" &
	exec {to}>"$lab_dir/to" {from}<"$lab_dir/from"
}

# answers LIMIT: it gives back what it is given.
answers() {
	local line
	echo "$1 $SECONDS" >&"$to"
	while read -r -t "$(($1 * ${SLOW:-1}))" -u "$from" line; do
		[[ $line != "$1 $SECONDS"* && $line != "$1 "* ]] || return 0
	done
	return 1
}

alive() {
	checks=$((checks + 1))
	answers "$1" || flunk "the session does not answer"
}

# file CELLS [SETTINGS]: a policy.
file() {
	cat >"$lab_dir/policy" <<-END
		version: 1
		domains: {web: 100, admins: 101}
		bridges: {br0: ${mode:-enforce}}
		ports:
		  - {name: web0, domain: web}
		  - {name: admin, domain: admins}
		cells:
		  - web -> host: deny
		$1
	END
}

lab_up
taps web0
guests admin
ip addr add 10.0.0.254/24 dev br0
keys
/usr/sbin/sshd -D -e -f /dev/null -p "$port" -h "$lab_dir/host" \
	-o StrictModes=no -o UsePAM=no -o PidFile=none \
	-o "AuthorizedKeysFile=$lab_dir/authorized" >"$lab_dir/sshd" 2>&1 &
soon 20 listens
file '  - admins <-> host: allow'
works vsegctl apply "$lab_dir/policy"
session
alive 60

# Either way is needed, and both are looked at.
json .generation status
before=$R
file '  - host -> admins: allow'
refused "SSH session from 10.0.0.101 port [0-9]+ would be cut: admins -> host at port admin is denied \(default-deny\)" \
	vsegctl apply "$lab_dir/policy"
file '  - admins -> host: allow'
refused 'would be cut: host -> admins at port admin' \
	vsegctl apply "$lab_dir/policy" --confirm 60
sed '/name: admin/d' "$lab_dir/policy" >"$lab_dir/unlabelled"
refused 'would be cut: unlabelled -> host at port admin is denied \(unlabelled-src\)' \
	vsegctl apply "$lab_dir/unlabelled"
sed 's/{br0: enforce}/{}/; $a settings: {unmanaged: drop}' \
	"$lab_dir/policy" >"$lab_dir/unmanaged"
refused 'would be cut: bridge br0 is not managed, and drops all' \
	vsegctl apply "$lab_dir/unmanaged"
# Only asked, it is told, and no refusal.
like "diff" "$(vsegctl apply "$lab_dir/policy" --diff 2>&1)" 'would be cut: host -> admins'
is "generation" "$(vsegctl -j status | jq .generation)" "$before"
alive 20

# A stateful rule answers, but a session that it didn't see begin is none of its
# flows: it goes on where such are picked up, and from then on by its flow.
rule='  - admins -> host: {rules: [{allow: {protocol: tcp, port: 2222}}]}'
file "$rule"
refused "would be cut: rule 0 of admins -> host at port admin is stateful, and didn't see it begin" \
	vsegctl apply "$lab_dir/policy"
alive 20
file "$rule"$'\nsettings: {state-pickup: true}'
works vsegctl apply "$lab_dir/policy"
alive 60
file "$rule"
works vsegctl apply "$lab_dir/policy"
alive 20
file '  - admins <-> host: allow'
works vsegctl apply "$lab_dir/policy"
alive 20

# In monitor mode nothing is cut.
mode=monitor file '  - web -> admins: allow'
works vsegctl apply "$lab_dir/policy"
alive 20

# Nobody knows where it is: that wants a way back.
file '  - admins <-> host: allow'
ip neigh flush dev br0
refused 'may be cut: its neighbour.s address isn.t known' \
	vsegctl apply "$lab_dir/policy"
works vsegctl apply "$lab_dir/policy" --confirm 60
works vsegctl confirm
alive 20

# Who insists has it, and a way back.
file '  - web -> admins: allow'
works vsegctl apply "$lab_dir/policy" --force
checks=$((checks + 1))
! answers 2 || flunk "the session answers"
works vsegctl rollback
alive 60
