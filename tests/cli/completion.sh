#!/bin/bash
# shellcheck disable=SC2319  # verdict takes the status of the condition before it
# The completion of bash offers what the command would take.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

# shellcheck source=tools/completion/vsegctl
. "$top/tools/completion/vsegctl"

# offers WORDS WANTED: completing the last of WORDS.
offers() {
	local COMP_WORDS COMP_CWORD COMPREPLY
	read -ra COMP_WORDS <<<"$command $1"
	[[ $1 != *' ' && $1 ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_vsegctl 2>"$scratch/err"
	[[ ${COMPREPLY[*]-} == "$2" && ! -s $scratch/err ]]
	verdict $? "completion of '$1'" "${COMPREPLY[*]-} $(cat "$scratch/err")"
}

# A command that is the real one but for the names that a kernel would tell.
cat >"$scratch/vsegctl" <<END
#!/bin/bash
[[ \$1 != -n ]] || { netns=\$2.; shift 2; }
case \$* in
'complete domains') printf '%s\n' "\${netns-}web" "\${netns-}db" ;;
'complete bridges') printf '%s\n' br0 br1 ;;
'complete ports') printf '%s\n' vnet0 '\$(touch $scratch/run)' ;;
*) exec '$vsegctl' "\$@" ;;
esac
END
chmod +x "$scratch/vsegctl"
command=$scratch/vsegctl

check "it is registered" complete -p vsegctl
offers '' 'status bridge domain port selector policy cell rule test apply confirm rollback log stats zone state monitor off init upgrade'
offers 'po' 'port policy'
offers 'port ' 'show bind unbind'
offers 'policy c' 'cells'
offers 'bridge s' 'show set'
offers 'status ' ''
offers 'frob ' ''
offers 'bridge set ' 'br0 br1'
offers 'bridge set br0 ' 'mode'
offers 'bridge set br0 mode ' 'enforce monitor'
offers 'bridge add br7 mode m' 'monitor'
offers 'domain del ' 'web db'
offers 'domain add x ' 'id permit'
offers 'domain add x permit r' 'router'
offers 'domain set ' 'web db'
offers 'domain set web ' 'permit'
offers 'domain set web permit n' 'none'
offers 'port bind vnet0 ' 'trunk web db'
offers 'port bind vnet0 trunk ' 'default vlan'
offers 'port bind vnet0 trunk default ' 'web db'
offers 'port bind vnet0 trunk default web ' 'vlan'
offers 'port bind vnet0 trunk vlan 10 d' 'db'
offers 'port bind vnet0 web ' 'mac address permit'
offers 'port bind vnet0 web mac ' ''
offers 'port bind vnet0 web permit sp' 'spanning-tree'
offers 'policy allow ' 'any host routed web db'
offers 'policy allow web d' 'db'
offers 'policy allow web db ' 'log'
offers "policy show $scratch/vseg" "$scratch/vsegctl"
offers 'policy cells ' 'any host routed web db'
offers 'policy cells web db ' ''
offers 'policy deny web db ' 'monitor'
offers 'policy del web db ' ''
offers 'policy set ' 'address-resolution bridge-control unmanaged flood-events guard state-pickup state-limit state-zones mark-mask'
offers 'policy set unmanaged ' 'pass drop'
offers 'policy set bridge-control ' 'on off'
offers 'selector add ' 'mac name alias glob group'
offers 'selector add name ' 'vnet0 \$\(touch\ '"${scratch//\//\/}"'/run\)'
offers 'selector add glob tap* ' 'trunk web db'
offers 'selector add glob tap* trunk default ' 'web db'
offers 'selector add name eno1 trunk vlan 10 d' 'db'
offers 'selector add glob tap* web ' 'mac address permit'
offers 'cell set web ' 'any host routed web db'
offers 'cell set web db ' 'allow deny rules'
offers 'cell set web db rules ' 'services isolate monitor log'
offers 'cell set web db rules services d' 'dhcp dhcpv6'
offers 'rule ' 'show add del'
offers 'rule add web d' 'db'
offers 'rule add web db p' 'protocol port'
offers 'rule add web db protocol ' 'tcp udp icmp icmpv6 sctp'
offers 'rule add web db port ' ''
offers 'rule add web db port 22 fra' 'fragment'
offers 'rule add web db port 22 st' 'state stateless'
offers 'rule del web db ' 'all'
offers 'policy set state-pickup ' 'on off'
offers 'policy set state-limit ' ''
offers 'zone ' 'show'
offers 'state ' 'export import'
offers 'state export ' '--port --all --address -o'
offers 'state export --port v' 'vnet0'
offers 'state export --port vnet0 --ad' '--address'
offers "state import --port vnet0 $scratch/vse" "$scratch/vsegctl"
offers 'selector del ' 'mac name alias glob group'
offers 'selector del glob tap* ' ''
offers 'apply policy.yaml --' '--check --diff --confirm --force --nowait'
offers 'apply --confirm ' ''
offers 'confirm ' ''
offers 'stats ' 'show port domain bridge cell'
offers 'stats bridge ' 'br0 br1'
offers 'monitor ' 'drops config count timeout'
offers 'monitor drops c' 'config count'
offers 'monitor count ' ''
offers 'init ' '-o'
offers "init -o $scratch/vse" "$scratch/vsegctl"
offers "init -o $scratch/vsegctl " ''
offers 'upgrade sav' 'save'
offers "upgrade $scratch/vse" "$scratch/vsegctl"
offers 'upgrade save ' ''
offers '-j domain del ' 'web db'
offers '-n blue domain del ' 'blue.web blue.db'
offers 'test --f' '--from --file --from-address --fragment --frame'
offers 'test --from web --t' '--to --to-address --tcp-flags'
offers 'test --fragment ' 'whole first later'
offers 'test --from ' "web db host vnet0 \\\$\\(touch\\ ${scratch//\//\/}/run\\)"
offers 'test --from web --to d' 'db'
offers 'test --from web --to db --class b' 'bpdu'
offers 'test --ethertype ' 'arp rarp ipv4 ipv6'
offers 'test --vlan ' ''
offers "test --policy $scratch/vseg" "$scratch/vsegctl"
offers '--v' '--version'

# A device may have a name that a shell would run.
offers 'port unbind ' "vnet0 \\\$\\(touch\\ ${scratch//\//\/}/run\\)"
check "no name is run" test ! -e "$scratch/run"
