# shellcheck shell=bash disable=SC2154
# Allowed traffic arrives whole: HTTP over IPv4 and IPv6, UDP, groups, long frames.
size=4194304
succeeds db1 "mkdir -p /tmp/srv && head -c $size /dev/urandom >/tmp/srv/file &&
	httpd -p 80 -h /tmp/srv && sha256sum </tmp/srv/file"
sum=$R
succeeds web1 "wget -q -O - http://${ip4[db1]}/file | sha256sum"
is "checksum over IPv4" "$R" "$sum"
succeeds web1 "wget -q -O - http://[${ip6[db1]}]/file | sha256sum"
is "checksum over IPv6" "$R" "$sum"
on db1 "killall httpd; rm -r /tmp/srv"

# A server on the hypervisor makes frames longer than the wire takes; the tap's
# device cuts them, behind the decision.
ip netns exec infra busybox httpd -p 80 -h "$scratch"
head -c "$size" /dev/urandom >"$scratch/file"
reads port infra rx-bytes
bytes=$R
reads port infra rx-packets
packets=$R
succeeds web1 "wget -q -O - http://${ip4[infra]}/file | sha256sum"
is "checksum from the hypervisor" "$R" "$(sha256sum <"$scratch/file")"
reads port infra rx-bytes
bytes=$((R - bytes))
reads port infra rx-packets
packets=$((R - packets))
holds "$bytes bytes in $packets frames" "bytes > size && bytes / packets > 1514"

capture db1 pay1
succeeds web1 "printf datagram-one >/dev/udp/${ip4[db1]}/5000"
succeeds web1 "printf datagram-six >/dev/udp/${ip6[db1]}/5000"
on web1 "ip route replace 239.0.0.0/8 dev eth0"
succeeds web1 "echo to-everybody | nc -u -b -q 0 10.0.0.255 5000"
succeeds web1 "echo to-a-group | nc -u -q 0 239.1.2.3 5000"
succeeds web1 "echo to-six-group | nc -u -q 0 ff02::1%eth0 5000"
works ip netns exec pay2 ping -q -c 1 -W "$patience" "${ip4[pay1]}"
captured db1 pay1
for text in datagram-one datagram-six to-everybody to-a-group to-six-group; do
	frames db1 "from:${mac[web1]}+text:$text"
	is "frames that db1 saw with $text" "$R" 1
done
frames pay1 text:datagram text:to- "has:${mac[pay2]}"
read -rd '' datagrams groups own <<<"$R" || :
is "datagrams and groups that pay1 saw" "$datagrams $groups" "0 0"
holds "pay1 saw its own domain: $own" "$own >= 2"
unseen pay1 web1 db1
