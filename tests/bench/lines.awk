# Rows as guest.sh prints them, and in the file `lines` what the plugin counted for
# each run of frames -> a table in Markdown, and in the file `data` as a list.

BEGIN {
	FS = "\t"
	for (runs = 0; (getline text <lines) > 0;) {
		split(text, part, " ")
		runs++
		touched[runs] = part[2]
		written[runs] = part[3]
		code[runs] = part[4]
	}
}

$1 == "kernel" { kernel = $2 }
$1 == "broken" { print "FAIL " $2; failed = 1 }
$1 == "done" { complete = 1 }
!/^(kernel|broken|done|row|without)/ { print }
$1 == "without" { row[rows++] = "| " $4 " | none: " $5 " | | |" }

# A dropped frame is compared with one that a hook drops at once.
$1 == "row" {
	run = $11
	if (!(run in touched)) {
		print "FAIL the plugin has not told of " $4
		failed = 1
	}
	at[$4] = run
	if ($5 == "-")
		next
	text = "| " $4
	base = at[$5]
	copies = $6
	text = text " | " figure(touched[run] - touched[base])
	text = text " | " figure(written[run] - written[base])
	text = text " | " figure(code[run] - code[base]) " |"
	row[rows++] = text
	print $4 "\t" touched[run] - touched[base] "\t" written[run] - written[base] "\t" code[run] - code[base] >data
}

function figure(value) {
	return copies > 1 ? sprintf("%.1f", value / copies) : value
}

END {
	if (!complete) {
		print "FAIL the rows are not complete"
		failed = 1
	}
	printf "Cache lines of 64 bytes that each row adds to a forwarded frame; Linux %s, QEMU %s\n\n", kernel, qemu
	print "| | data, touched | of them written | instructions |"
	print "|---|---|---|---|"
	for (i = 0; i < rows; i++)
		print row[i]
	exit failed
}
