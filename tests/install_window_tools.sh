#!/usr/bin/env bash
# Sees to it that a screen without glass is there, for the tests that use LibreOffice as a person does:
# Xvfb, a window manager, xdotool, xclip, and the font Carlito, which has Calibri's widths.
#
# Says nothing and returns at once when they are. Otherwise installs the system's own Debian or
# Ubuntu packages, as root or with a sudo that asks for no password. Exit code 0: all is there.
set -u

packages=(xvfb x11-xkb-utils openbox xdotool xclip fontconfig fonts-crosextra-carlito)

missing() {
  local program
  for program in Xvfb xkbcomp openbox xdotool xclip; do
    command -v "$program" >/dev/null || echo "$program"
  done
  fc-list 2>/dev/null | grep -q Carlito || echo "the font Carlito"
}

. "$(dirname "$0")/install_packages.sh"
