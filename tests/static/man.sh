# shellcheck shell=bash
# Manual pages, for each that may have to show them: mandoc, groff, man-db.
status=0
for page in $(tests/static/files man); do
	{
		# Pages of other packages need not be here.
		mandoc -T lint -W warning "$page" |
			grep -vE 'referenced manual not found|outdated mandoc.db'
		groff -ww -mandoc -z "$page"
		man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >/dev/null
		lexgrog "$page" >/dev/null || echo "no name that apropos understands"
	} >"$SCRATCH/man" 2>&1
	[[ ! -s $SCRATCH/man ]] || { sed "s|^|$page: |" "$SCRATCH/man"; status=1; }
done
exit $status
