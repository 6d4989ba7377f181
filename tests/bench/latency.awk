# Lines of latency.sh -> a table in Markdown, and in the file `data` as they are.

BEGIN {
	FS = "\t"
}

$1 == "kernel" { kernel = $2 }
$1 == "broken" { print "FAIL " $2; failed = 1 }
$1 == "done" { complete = 1 }
!/^(kernel|broken|done|latency|change|without)/ { print }

$1 == "latency" {
	row[rows++] = "| " $2 ", " $3 " | " $4 " | " $5 " | " $6 " | " $7 " | " $8 " | " $9 " | " $10 " |"
	print >data
	if ($2 == "vseg" && $10) {
		print "FAIL " $2 ", " $3 ", " $4 ": " $10 " frames were lost"
		failed = 1
	}
}

$1 == "change" {
	change[changes++] = "| " $2 " | " $3 " | " $4 " | " $5 " | " $6 " | " $7 " | " $8 " |"
	print >data
	if ($2 ~ /^vseg/ && $7) {
		print "FAIL " $2 ": " $7 " frames met a mixture of policies"
		failed = 1
	}
}

$1 == "without" { change[changes++] = "| " $4 " | none: " $5 " | | | | | |" }

END {
	if (!complete) {
		print "FAIL the rows are not complete"
		failed = 1
	}
	printf "Instructions from when a frame was due until it had left, one each 100,000 instructions; Linux %s, QEMU %s\n\n", kernel, qemu
	if (rows) {
		print "The policy lets all 10,000 frames pass, before and after each change.\n"
		print "| policy | changes | how many | median | 99th of 100 | most | kernel memory meanwhile, KB more | frames lost |"
		print "|---|---|---|---|---|---|---|---|"
	}
	for (i = 0; i < rows; i++)
		print row[i]
	if (changes) {
		print "One command changes all pairs while frames of the first and of the last pair are due in turn: how long a frame waited, and how many were decided by the old policy after others had been by the new one.\n"
		print "| command | pairs | 10^6 instructions | median wait | longest wait | frames that met a mixture | for how many instructions |"
		print "|---|---|---|---|---|---|---|"
	}
	for (i = 0; i < changes; i++)
		print change[i]
	exit failed
}
