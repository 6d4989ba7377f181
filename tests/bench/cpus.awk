# Rows of cpus.sh, and in the file `lines` what the plugin told of each run of
# frames -> a table in Markdown.

BEGIN {
	FS = "\t"
	rows = 0
	for (runs = 0; (getline text <lines) > 0;) {
		split(text, part, " ")
		runs++
		frames[runs] = part[1]
		median[runs] = part[3]
		most[runs] = part[4]
	}
}

$1 == "kernel" { kernel = $2 }
$1 == "broken" { print "FAIL " $2; failed = 1 }
$1 == "done" { complete = 1 }
!/^(kernel|broken|done|cpus|without)/ { print }
$1 == "without" { row[rows++] = "| " $4 " | none: " $5 " | | |" }

$1 == "cpus" {
	if (frames[$4] != 1000 * $3) {
		print "FAIL the plugin has told of " frames[$4] " frames of " $2 " on " $3 " CPUs"
		failed = 1
	}
	if (!($2 in cell)) {
		name[rows] = $2
		rows++
	}
	if (rows == 1)
		plain[$3] = median[$4]
	cell[$2] = cell[$2] " " (rows == 1 ? "(" median[$4] ")" : median[$4] - plain[$3]) " |"
	print $2 "\t" $3 "\t" median[$4] "\t" most[$4] >data
}

END {
	if (!complete) {
		print "FAIL the rows are not complete"
		failed = 1
	}
	printf "Instructions added to each of 1,000 frames on each CPU, the median, while so many CPUs forward the same frames at once; in brackets, what plain bridging takes; Linux %s, QEMU %s\n\n", kernel, qemu
	print "| | 1 CPU | 2 CPUs | 4 CPUs |"
	print "|---|---|---|---|"
	for (i = 0; i < rows; i++)
		print i in row ? row[i] : "| " name[i] " |" cell[name[i]]
	exit failed
}
