#!/usr/bin/env bash
# Sees to it that the browsers are there in which the page is tried: Chromium and Firefox ESR.
#
# Says nothing and returns at once when they are. Otherwise installs the system's own Debian
# packages, as root or with a sudo that asks for no password. Exit code 0: all is there.
set -u

packages=(chromium firefox-esr fonts-dejavu-core)

missing() {
  local program
  for program in chromium firefox-esr; do
    command -v "$program" >/dev/null || echo "$program"
  done
}

[ -z "$(missing)" ] && exit 0

if command -v apt-get >/dev/null; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  log=$(mktemp)
  {
    "${as_root[@]}" apt-get update -qq &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${packages[@]}"
  } >"$log" 2>&1 </dev/null || tail -n 5 "$log" >&2
  rm -f "$log"
fi

lacking=$(missing | paste -sd, - | sed 's/,/, /')
[ -z "$lacking" ] && exit 0
echo "!!! MISSING: $lacking. Install by hand: sudo apt-get install ${packages[*]}" >&2
exit 1
