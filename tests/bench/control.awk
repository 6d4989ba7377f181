# Lines of control.py -> a table in Markdown, and in the file `data` as they are.

BEGIN {
	FS = "\t"
}

function number(text,  n) {
	text = sprintf("%.0f", text)
	for (n = length(text) - 3; n > 0; n -= 3)
		text = substr(text, 1, n) "," substr(text, n + 1)
	return text
}

# Small figures with one place; and words, where a command came to no good end.
function figure(value) {
	if (value !~ /^-?[0-9.]+$/) {
		if ($2 ~ /^vseg/) {
			print "FAIL " $2 ", " $4 " " $3 ": " value
			failed = 1
		}
		return value
	}
	return value < 100 ? sprintf("%.1f", value) : number(value)
}

# Nothing is said of what is below the noise of a page or two.
function memory(value) {
	return value == "" ? "" : value < 1 ? "–" : number(value)
}

$1 == "kernel" { kernel = $2 }
$1 == "broken" { print "FAIL " $2; failed = 1 }
$1 == "done" { complete = 1 }
!/^(kernel|broken|done|control|without)/ { print }

# In brackets, how many times what vseg takes for as many.
function ratio(column,  base) {
	if ($2 == "vseg")
		vseg[$3, $4, column] = $column
	base = vseg[$3, $4, column]
	if ($2 == "vseg" || !base || $column !~ /^[0-9.]+$/)
		return ""
	return sprintf(" (%.*f)", $column / base < 10, $column / base)
}

$1 == "control" {
	text = "| " $2 " | " number($4) " " $3
	for (column = 5; column <= 7; column++)
		text = text " | " figure($column) ratio(column)
	text = text " | " ($8 == "" ? "" : figure($8))
	for (column = 9; column <= 12; column++)
		text = text " | " memory($column)
	row[rows++] = text " |"
	print >data
}

$1 == "without" {
	row[rows++] = "| " $4 " | none: " $5 " | | | | | | | | |"
}

END {
	if (!complete) {
		print "FAIL the rows are not complete"
		failed = 1
	}
	printf "10^6 instructions, and 10^6 of the guest's clock when nobody worked; bytes for each pair, rule or port: of slabs, of vmalloc, for each CPU, and of a daemon; in brackets, how many times what vseg takes; Linux %s, QEMU %s\n\n", kernel, qemu
	print "| | | load | change one | print all | all three waited | slabs | vmalloc | per CPU | daemon |"
	print "|---|---|---|---|---|---|---|---|---|---|"
	for (i = 0; i < rows; i++)
		print row[i]
	exit failed
}
