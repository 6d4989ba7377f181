# Rows as guest.sh prints them -> a table, and JSON in the file `data`.  Fails
# when the rows aren't complete or don't repeat; with `check`, when a row costs
# more than the file `expected` says.

BEGIN {
	FS = "\t"
	n = 0
	floor = 0
	failed = 0
	slack = 0.02		# of the figure that is kept,
	slack_state = 0.05	# of flows', whose place in connection tracking's
				# table hangs on a number drawn at boot; and
	slack_more = 2		# instructions
	repeatable = 0.005
	if (check)
		while ((getline line <expected) > 0)
			if (split(line, part, "\t") == 2 && line !~ /^#/)
				kept[part[1]] = part[2]
}

# The figure that is kept in the repository, and what it is now.
function compare(name, was, now) {
	if (was == "")
		fail(name ": no figure is kept, see README.md")
	else if (now > was * (1 + (name ~ /^state,/ ? slack_state : slack)) + slack_more)
		fail(name ": " now " instructions, and it was " was)
	else if (now < was * (1 - slack) - slack_more)
		print "# " name ": " now " instructions instead of " was ": keep it (README.md)"
}

function fail(text) {
	print "FAIL " text
	failed = 1
}

function median(a, b, c) {
	if (a > b ? a < c : a > c)
		return a
	return (b > a ? b < c : b > c) ? b : c
}

function min(a, b, c) {
	return a < b ? (a < c ? a : c) : (b < c ? b : c)
}

function max(a, b, c) {
	return a > b ? (a > c ? a : c) : (b > c ? b : c)
}

$1 == "kernel" { kernel = $2 }
$1 == "broken" { fail($2) }
$1 == "done" { complete = 1 }
!/^(kernel|broken|done|row|without)/ { print }

# A row that isn't there says why.
$1 == "without" {
	row_ports[n] = $2
	row_domains[n] = $3
	row_name[n] = $4
	row_why[n] = $5
	n++
}

# Against `null-…` a row lacks what it costs to call a hook at all.
$1 == "row" {
	ports = $2
	key = ports SUBSEP $5
	low = min($8, $9, $10)
	high = max($8, $9, $10)
	all[ports, $4] = median($8, $9, $10)
	if (high - low > low * repeatable)
		fail($4 ": " low " to " high " instructions, which isn't the same")
	if ($5 == "-") {
		bare[n] = 1
	} else {
		extra = $5 ~ /^null/ ? floor : 0
		from[n] = (low - all[key]) / $6 + extra
		to[n] = (high - all[key]) / $6 + extra
	}
	if ($4 == "empty hook")
		floor = all[ports, $4] - all[key]
	row_ports[n] = ports
	row_domains[n] = $3
	row_name[n] = $4
	row_against[n] = $5
	row_target[n] = $7
	row_low[n] = low
	row_high[n] = high
	if (check && $5 != "-")
		compare($4, kept[$4], to[n])
	n++
}

END {
	if (!complete)
		fail("the rows are not complete")
	printf "Instructions for each frame of 60 bytes; Linux %s, QEMU %s\n\n", kernel, qemu
	print "| ports | domains | | in all | added | repetitions differ by | target |"
	print "|---|---|---|---|---|---|---|"
	for (i = 0; i < n; i++) {
		printf "| %d | %d | %s | ", row_ports[i], row_domains[i], row_name[i]
		if (i in row_why) {
			printf "none: %s | | | |\n", row_why[i]
			continue
		}
		printf "%.1f | ", row_low[i]
		printf bare[i] ? " | " : "%.1f | ", from[i]
		printf "%s | %s |\n", row_high[i] - row_low[i] ? sprintf("%.2f", row_high[i] - row_low[i]) : "0", row_target[i]
	}

	if (keep) {
		printf "# Linux %s, QEMU %s: tests/bench/run --suite %s --quick --keep\n", kernel, qemu, suite >keep
		for (i = 0; i < n; i++)
			if (i in to)
				printf "%s\t%.1f\n", row_name[i], to[i] >keep
	}
	printf "{\"kernel\":\"%s\",\"qemu\":\"%s\",\"mode\":\"%s\",\"rows\":[", kernel, qemu, mode >data
	for (i = 0; i < n; i++) {
		printf "%s\n{\"row\":\"%s\",\"ports\":%d,\"domains\":%d", i ? "," : "", row_name[i], row_ports[i], row_domains[i] >data
		if (i in row_why) {
			printf ",\"without\":\"%s\"}", row_why[i] >data
			continue
		}
		printf ",\"min\":%.2f,\"max\":%.2f", row_low[i], row_high[i] >data
		if (!bare[i])
			printf ",\"against\":\"%s\",\"added_min\":%.2f,\"added_max\":%.2f", row_against[i], from[i], to[i] >data
		if (row_target[i] != "-")
			printf ",\"target\":%d", row_target[i] >data
		printf "}" >data
	}
	print "\n]}" >data
	exit failed
}
