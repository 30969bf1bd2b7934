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

. "$(dirname "$0")/install_packages.sh"
