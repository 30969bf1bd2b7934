#!/usr/bin/env bash
# Sees to it that Node and npm are there, with which the page is built.
#
# Says nothing and returns at once when they are. Otherwise installs the system's own Debian
# packages, as root or with a sudo that asks for no password. Exit code 0: all is there.
set -u

packages=(nodejs npm)

missing() {
  local program
  for program in node npm; do
    command -v "$program" >/dev/null || echo "$program"
  done
}

. "$(dirname "$0")/install_packages.sh"
