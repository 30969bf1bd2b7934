#!/usr/bin/env bash
# Sees to it that LibreOffice Calc, Writer and a Python with uno are there, for the tests that drive them.
#
# Says nothing and returns at once when they are. Otherwise installs the system's own Debian or
# Ubuntu packages, as root or with a sudo that asks for no password. Exit code 0: all is there.
set -u

packages=(libreoffice-calc libreoffice-writer python3-uno fonts-liberation fonts-dejavu-core)

find_soffice() {
  local place
  for place in soffice libreoffice /usr/lib/libreoffice/program/soffice \
    /opt/libreoffice/program/soffice /Applications/LibreOffice.app/Contents/MacOS/soffice; do
    command -v "$place" && return
  done
  return 1
}

has_uno() {
  local program python
  program=$(dirname "$(readlink -f "$(find_soffice)" 2>/dev/null)")
  for python in "$program/python" "$program/../Resources/python" /usr/bin/python3 python3; do
    "$python" -c 'import uno' >/dev/null 2>&1 && return
  done
  return 1
}

has_writer() {
  local program
  program=$(dirname "$(readlink -f "$(find_soffice)" 2>/dev/null)")
  compgen -G "$program/libswlo.*" >/dev/null || compgen -G "$program/../Frameworks/libswlo.*" >/dev/null ||
    [ -e "$program/swlo.dll" ]
}

missing() {
  find_soffice >/dev/null || echo "LibreOffice (soffice)"
  has_writer || echo "LibreOffice Writer"
  has_uno || echo "a Python that can import uno"
}

# Vietnamese letters for pictures; its name is gone from newer releases, whose fonts have them.
optional=fonts-liberation2
elsewhere=" (elsewhere: https://www.libreoffice.org/download)"

. "$(dirname "$0")/install_packages.sh"
