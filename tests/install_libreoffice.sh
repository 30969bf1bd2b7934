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

[ -z "$(missing)" ] && exit 0

if command -v apt-get >/dev/null; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  log=$(mktemp)
  {
    "${as_root[@]}" apt-get update -qq &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${packages[@]}"
    # Vietnamese letters for pictures; its name is gone from newer releases, whose fonts have them.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends fonts-liberation2 || true
  } >"$log" 2>&1 </dev/null || tail -n 5 "$log" >&2
  rm -f "$log"
fi

lacking=$(missing | paste -sd, - | sed 's/,/, /')
[ -z "$lacking" ] && exit 0
echo "!!! MISSING: $lacking. Install by hand: sudo apt-get install ${packages[*]}" \
  "(elsewhere: https://www.libreoffice.org/download)" >&2
exit 1
