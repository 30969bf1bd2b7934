#!/usr/bin/env bash
# Sees to it that the programs beside LibreOffice that tests use are there: Gnumeric (ssconvert) and
# Node.js as packages of Debian or Ubuntu; from npm HyperFormula, a judge of the long proof, and
# ExcelJS and SheetJS, which have to read our workbooks (tests/other_programs).
#
# HyperFormula is under the GPL. All of npm goes into build/, is used by tests alone and never shipped.
# Exit code 0: all is there. What is missing is named, for the proof to say so as well.
set -u

folder=$(dirname "$0")/../build/judges
log=$(mktemp)
trap 'rm -f "$log"' EXIT

lacking_packages() {
  command -v ssconvert >/dev/null || echo gnumeric
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
}

packages=$(lacking_packages)
if [ -n "$packages" ] && command -v apt-get >/dev/null; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  # shellcheck disable=SC2086  # several packages
  {
    "${as_root[@]}" apt-get update -qq &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $packages
  } >"$log" 2>&1 </dev/null || tail -n 5 "$log" >&2
fi

lacking_libraries() {
  for name in hyperformula exceljs xlsx; do
    [ -f "$folder/node_modules/$name/package.json" ] || echo "$name"
  done
}

if [ -n "$(lacking_libraries)" ] && command -v npm >/dev/null; then
  mkdir -p "$folder"
  npm install --silent --no-audit --no-fund --no-save --no-package-lock --prefix "$folder" \
    'hyperformula@>=3.5 <4' 'exceljs@>=4.4 <5' 'xlsx@>=0.18 <1' >"$log" 2>&1 </dev/null ||
    tail -n 5 "$log" >&2
fi

lacking="$(lacking_packages) $(lacking_libraries)"
[ -z "${lacking// /}" ] && exit 0
echo "!!! MISSING:" $lacking "(Debian packages; hyperformula, exceljs and xlsx from npm)." >&2
exit 1
