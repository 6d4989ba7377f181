# Points as guest.sh prints them -> a table, and the same for gnuplot in the file
# `data`: a column for each filter, a line for each size.

BEGIN {
	FS = "\t"
}

$1 == "kernel" { kernel = $2 }
$1 == "broken" { print "FAIL " $2; failed = 1 }
$1 == "done" { complete = 1 }
!/^(kernel|broken|done|point)/ { print }

$1 == "point" {
	if (!($2 in column)) {
		column[$2] = filters
		filter[filters++] = $2
	}
	if (!(($3 + 0) in known)) {
		known[$3 + 0] = 1
		size[sizes++] = $3 + 0
	}
	cost[$2, $3 + 0] = $4
}

# Sizes come as they are measured: put them in order.
function sort_sizes(  i, k, t) {
	for (i = 1; i < sizes; i++)
		for (k = i; k && size[k - 1] > size[k]; k--) {
			t = size[k]
			size[k] = size[k - 1]
			size[k - 1] = t
		}
}

END {
	if (!complete || !sizes) {
		print "FAIL the points are not complete"
		exit 1
	}
	sort_sizes()
	printf "# Linux %s, QEMU %s\nsize", kernel, qemu >data
	printf "Instructions added to each frame of 60 bytes; Linux %s, QEMU %s\n\n|", kernel, qemu
	for (i = 0; i < sizes; i++)
		printf " | %d", size[i]
	printf " |\n|---"
	for (i = 0; i < sizes; i++)
		printf "|---"
	print "|"
	for (f = 0; f < filters; f++) {
		printf "\t\"%s\"", filter[f] >data
		printf "| %s", filter[f]
		for (i = 0; i < sizes; i++)
			printf " | %s", (filter[f], size[i]) in cost ? cost[filter[f], size[i]] : ""
		print " |"
	}
	print "" >data
	for (i = 0; i < sizes; i++) {
		printf "%d", size[i] >data
		for (f = 0; f < filters; f++)
			printf "\t%s", (filter[f], size[i]) in cost ? cost[filter[f], size[i]] : "-" >data
		print "" >data
	}
	exit failed
}
