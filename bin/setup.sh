# Sourced by bin/run, bin/test, bin/lint and bin/bench: makes the machine ready.
# Looks for commands, not packages; touches apt, pip or npm only when something is missing or has
# changed, so a warm start costs a fraction of a second.
#   setup run    what the application needs
#   setup test   that, and what the tests need (Chromium, GDAL's own programs)

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
PYTHON_WANTED='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

setup() {
  local purpose=$1
  mkdir -p var
  exec 9>var/.setup.lock
  flock 9 # two at a time is one after the other
  setup_debian "$purpose"
  setup_python
  setup_front_end
  setup_translations
  exec 9>&-
}

note() { printf '%s\n' "== $*" >&2; }
fail() { printf '%s\n' "!! $*" >&2; exit 2; }
has() { command -v "$1" >/dev/null 2>&1; }

setup_debian() {
  local missing=()
  if ! venv_works && ! find_python >/dev/null; then missing+=(python3 python3-venv); fi
  local postgres=15 found=no folder
  for folder in /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ]; then
      postgres=$(basename "$(dirname "$folder")")
      if [ -e "/usr/share/postgresql/$postgres/extension/postgis.control" ]; then found=yes; fi
    fi
  done
  if [ "$found" = no ] && { [ -z "${GISAPP_DATABASE_URL:-}" ] || [ "$1" = test ]; } && ! has initdb; then
    missing+=("postgresql-$postgres" "postgresql-$postgres-postgis-3")
  fi
  if ! has bwrap; then missing+=(bubblewrap); fi
  if ! has prlimit; then missing+=(util-linux); fi
  if ! has node; then missing+=(nodejs); fi
  if ! has npm; then missing+=(npm); fi
  if [ "$1" = test ]; then
    if ! has chromium; then missing+=(chromium fonts-dejavu-core); fi
    if ! has ogrinfo; then missing+=(gdal-bin); fi
    if ! has git; then missing+=(git); fi
    if ! has pdftotext; then missing+=(poppler-utils); fi
    # the browser driver's own program is linked to it
    if ! ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1; then missing+=(libatomic1); fi
  fi
  if [ ${#missing[@]} -gt 0 ]; then install_debian "${missing[@]}"; fi
  local node
  node=$(node --version)
  node=${node#v}
  if [ "${node%%.*}" -lt 18 ]; then fail "Node.js $node: cần bản 18 trở lên · 18 or later is needed"; fi
}

install_debian() {
  has apt-get || fail "Hãy cài · please install: $*"
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || fail "Chạy bằng root · run as root: apt-get install --no-install-recommends $*"
    root=(sudo)
  fi
  note "apt-get install $*"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "$@" >&2
}

find_python() {
  local name
  for name in python3.11 python3.12 python3.13 python3; do
    if has "$name" && "$name" -c "$PYTHON_WANTED" 2>/dev/null; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

venv_works() { [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null; }

setup_python() {
  local wanted
  wanted=$(printf '%s ' "$ROOT" | cat - setup.cfg pyproject.toml constraints.txt | sha256sum)
  if venv_works && [ "$(cat .venv/.made-of 2>/dev/null)" = "$wanted" ]; then return; fi
  if ! venv_works; then
    local python
    python=$(find_python) || fail "Cần · needed: Python 3.11, 3.12, 3.13"
    note ".venv ($("$python" --version))"
    rm -rf .venv
    "$python" -m venv .venv
  fi
  note "pip install"
  local pip=(.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt)
  "${pip[@]}" setuptools wheel
  PYTHONWARNINGS=ignore "${pip[@]}" --no-build-isolation --editable '.[test,dev]'
  printf '%s\n' "$wanted" >.venv/.made-of
}

setup_front_end() {
  local wanted
  wanted=$(cat package.json package-lock.json scripts/vendor.mjs | sha256sum)
  if [ -e static/vendor/manifest.json ] && [ "$(cat node_modules/.made-of 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  note "npm ci"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  node scripts/vendor.mjs >&2
  printf '%s\n' "$wanted" >node_modules/.made-of
}

setup_translations() {
  local po
  for po in gisapp/translations/*/LC_MESSAGES/*.po; do
    if [ -e "$po" ] && ! [ "${po%.po}.mo" -nt "$po" ]; then
      .venv/bin/pybabel --quiet compile --directory gisapp/translations
      touch gisapp/translations/*/LC_MESSAGES/*.mo
      return
    fi
  done
}
