# Installs Debian or Ubuntu packages where programs are missing. For scripts that have declared the
# array `packages` and the function `missing`, which names each thing that is not there, a line each.
# A package in `optional` is installed too where the release has it; `elsewhere` ends the last message.
#
# Ends the script: with exit code 0 where all is there, at once or after the installation.
# shellcheck shell=bash disable=SC2154  # the scripts that read this file declare `packages`

[ -z "$(missing)" ] && exit 0

if command -v apt-get >/dev/null; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  log=$(mktemp)
  install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  }
  {
    "${as_root[@]}" apt-get update -qq && install "${packages[@]}" &&
      { [ -z "${optional:-}" ] || install "$optional" || true; }
  } >"$log" 2>&1 </dev/null || tail -n 5 "$log" >&2
  rm -f "$log"
fi

lacking=$(missing | paste -sd, - | sed 's/,/, /')
[ -z "$lacking" ] && exit 0
echo "!!! MISSING: $lacking. Install by hand: sudo apt-get install ${packages[*]}${elsewhere:-}" >&2
exit 1
