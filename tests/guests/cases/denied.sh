# shellcheck shell=bash disable=SC2154
# Denied frames are counted to the last one, and the other guest sees none.

# said FROM: what the counters say of frames from there to payroll.
said() {
	local total=()
	reads pair "${domain[$1]}" payroll packets
	total+=("$R")
	sysfs "${dev[$1]}" drop_default_deny
	total+=("$R")
	echo "${total[*]}"
}

capture "${machines[@]}"
works ip netns exec pay2 ping -q -c 1 -W "$patience" "${ip4[pay1]}"
for name in web1 db1; do
	knows "$name" pay1
	knows pay1 "$name"
	read -r pairs["${#pairs[@]}"] drops["${#drops[@]}"] < <(said "$name")
	ask "$name" "
		ping -c 3 -W 1 ${ip4[pay1]}
		ping -6 -c 3 -W 1 ${ip6[pay1]}
		for port in 9 53 5000; do
			printf 'secret of $name' >/dev/udp/${ip4[pay1]}/\$port
			printf 'secret of $name' >/dev/udp/${ip6[pay1]}/\$port
		done
		nc -w 2 ${ip4[pay1]} 80
		nc -w 2 ${ip6[pay1]} 80
		ping -c 1 -W 1 10.0.0.255; echo 'secret of $name' | nc -u -b -q 0 10.0.0.255 5000
		echo 'secret of $name' | nc -u -q 0 ff02::1%eth0 5000
		arping -c 2 -w 2 -I eth0 ${ip4[pay1]}
		true"
done
misses pay1 "${ip4[web1]}"
declines pay1 "nc -w 1 ${ip6[db1]} 80"
for name in web1 db1; do
	answer "$name"
done
works ip netns exec pay2 ping -q -c 1 -W "$patience" "${ip4[pay1]}"
captured "${machines[@]}"

for name in web1 db1; do
	frames "$name" "to:${mac[pay1]}"
	sent=$R
	holds "$name sent $sent frames to pay1" "sent >= 14"
	read -r pair drop < <(said "$name")
	is "dropped of $name's pair" "$((pair - pairs[0]))" "$sent"
	is "dropped at $name's port" "$((drop - drops[0]))" "$sent"
	pairs=("${pairs[@]:1}") drops=("${drops[@]:1}")
done
unseen pay1 web1 db1 infra
frames pay1 text:secret "from:${mac[pay2]}+to:${mac[pay1]}" "from:${mac[pay1]}+to:${mac[web1]}"
read -rd '' secrets own tried <<<"$R" || :
is "secrets that pay1 saw" "$secrets" 0
holds "pay1 saw $own frames of pay2" "own >= 2"
holds "pay1 tried web1 $tried times" "tried >= 2"
frames web1 --not-from "${mac[web1]}" "has:${mac[pay1]}" "has:${mac[pay2]}"
is "what web1 saw of pay1 and pay2" "${R//$'\n'/ }" "0 0"
frames db1 text:secret
holds "db1 saw the group's $R secrets" "R >= 2"
sums
