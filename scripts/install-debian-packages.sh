#!/usr/bin/env bash
# Installs what test/debian-packages.txt names for the given stages (all of them without arguments), where it is
# missing. Needs root on Debian or a relative. Starts no service: the tests start their own.
set -euo pipefail
table="$(dirname "$0")/../test/debian-packages.txt"
policy=/usr/sbin/policy-rc.d

missing=()
while read -r package stages; do
  case "$package" in '' | '#'*) continue ;; esac
  wanted=$#
  for stage in "$@"; do
    case " $stages " in *" $stage "*) wanted=0 ;; esac
  done
  [ "$wanted" -eq 0 ] || continue
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done <"$table"
[ "${#missing[@]}" -gt 0 ] || exit 0

echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# Maintainer scripts ask this program before they start a service; 101 forbids it.
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt() { apt-get -o DPkg::Lock::Timeout=400 -qq "$@" </dev/null; }
install() { apt install -y --no-install-recommends "${missing[@]}"; }
# A list that was never fetched, or is old, is the usual reason why the first try fails.
install >/dev/null 2>&1 || { apt update && install >/dev/null; }
