# shellcheck shell=bash
# The Debian package and the sources speak of the same version and files.
status=0
fail() {
	echo "$*"
	status=1
}

version=$(dpkg-parsechangelog -l debian/changelog -S Version)
[[ $version == "$(cat VERSION)" ]] ||
	fail "debian/changelog is at $version, VERSION at $(cat VERSION)"

# DKMS gets the same sources by the package and by `make dkms-install`.
by_make=$(make -n dkms-install DESTDIR= | sed -n 's/^cp -r \(.*\) [^ ]*$/\1/p')
by_package=$(cut -d' ' -f1 debian/vseg-dkms.install debian/vseg-dkms.dkms)
for file in $by_make; do
	[[ $file == COPYING || $'\n'$by_package$'\n' == *$'\n'$file$'\n'* ]] ||
		fail "debian/vseg-dkms.install lacks $file"
done
exit $status
