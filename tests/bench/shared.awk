# Rows of shared.sh, and in the file `lines` what the plugin told of each run of
# frames -> a table in Markdown.

BEGIN {
	FS = "\t"
	for (runs = 0; (getline text <lines) > 0;) {
		split(text, part, " ")
		shared[++runs] = part[5]
	}
}

$1 == "kernel" { kernel = $2 }
$1 == "broken" { print "FAIL " $2; failed = 1 }
$1 == "done" { complete = 1 }
!/^(kernel|broken|done|shared|without)/ { print }
$1 == "without" { row[rows++] = "| " $4 " | none: " $5 " | |" }

$1 == "shared" {
	if (!($3 in shared)) {
		print "FAIL the plugin has not told of " $2
		failed = 1
	}
	if (!rows)
		base = shared[$3]
	row[rows++] = "| " $2 " | " shared[$3] " | " shared[$3] - base " |"
	print $2 "\t" shared[$3] >data
}

END {
	if (!complete) {
		print "FAIL the rows are not complete"
		failed = 1
	}
	printf "Cache lines that two CPUs forwarding the same frames take from each other; Linux %s, QEMU %s\n\n", kernel, qemu
	print "| | lines | more than plain bridging |"
	print "|---|---|---|"
	for (i = 0; i < rows; i++)
		print row[i]
	exit failed
}
