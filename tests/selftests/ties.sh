#!/bin/bash
# Where (s, any) and (any, d) disagree, deny wins and the commit warns.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0 c0
policy <<'END'
bridge add br0
domain add a
domain add b
domain add c
port bind a0 a
port bind b0 b
port bind c0 c
policy allow a any
END
counts 0 status warnings
expect a0 b0 udp : b0=pass

out=$(vsegctl policy deny any b 2>&1)
like "what the command says of a tie" "$out" '[Tt]ie|deny wins'
counts 1 status warnings
expect a0 b0 udp : b0=cell-deny
expect a0 c0 udp : c0=pass
expect c0 b0 udp : b0=cell-deny

# A port that is bound changes nothing about it.
works vsegctl port bind c0 b
counts 1 status warnings
works vsegctl port bind c0 c
counts 1 status warnings

# The pair itself settles it.
works vsegctl policy allow a b
expect a0 b0 udp : b0=pass
counts 0 status warnings
works vsegctl port bind c0 c
counts 0 status warnings
works vsegctl policy del a b
counts 1 status warnings
expect a0 b0 udp : b0=cell-deny

# The other way round.
policy <<'END'
policy deny a any
policy allow any b
END
expect a0 b0 udp : b0=cell-deny
expect c0 b0 udp : b0=pass
expect a0 c0 udp : c0=cell-deny
counts 1 status warnings

# Two that agree are no tie.
works vsegctl policy allow a any
counts 0 status warnings
expect a0 b0 udp : b0=pass

# Of two that deny, the one that is enforced.
policy <<'END'
policy deny a any monitor
policy deny any b
END
expect a0 b0 udp : b0=cell-deny
expect a0 c0 udp : c0=would/cell-deny
policy <<'END'
policy deny a any
policy deny any b monitor
END
expect a0 b0 udp : b0=cell-deny
expect c0 b0 udp : b0=would/cell-deny
sums
