#!/bin/bash
# lintian has nothing to say of the packages.  Changes the system: run calls it in
# a throw-away copy of a suite's root.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt-get -y -q update
apt-get -y -q --no-install-recommends install lintian
cp -r "${0%/*}/../.." /tmp/vseg
cd /tmp/vseg
find . -name '*.ko' -delete   # of a build beside
DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -d -us -uc
lintian --allow-root --display-info --info --fail-on error,warning,info ../vseg_*.changes
