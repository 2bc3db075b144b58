#!/usr/bin/env bash
# Runs all tests. Installs what end-to-end tests need where it may (Debian, root); elsewhere it says what will be skipped.
#
#   ./test.sh                    all tests
#   ./test.sh --no-install       install nothing
#   ./test.sh --project DIR      one test project, e.g. tests/RemoteSwap.Pool.Tests
#   TESTS_NO_SKIP=1   a test that would skip fails instead (CI)
#   TESTS_SEED=N, CsCheck_Seed=S   repeat a random test that failed
#   ZBUD_TRACES=a.txt:b.txt      replay more zbud traces
#
# The last line is "N passed, N failed, N skipped", from the test runner's own counters.
set -uo pipefail
cd "$(dirname "$0")"

install=1
project=""
while [ $# -gt 0 ]; do
  case "$1" in
    --no-install) install=0 ;;
    --project) project="${2:?--project needs a folder}"; shift ;;
    -h|--help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "test.sh: unknown option '$1' (see --help)" >&2; exit 64 ;;
  esac
  shift
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
results="artifacts/tests"
node_folder="tests/RemoteSwap.EndToEnd.Tests/node"
min_node=18

say() { echo "test.sh: $*" >&2; }

node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null \
    && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$min_node" ]
}

install_node() {
  node_is_new_enough && return 0
  if [ "$install" = 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing nodejs and npm (for the grpc-js and buf tests)"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nodejs npm; } >&2
  fi
  node_is_new_enough
}

# Other people's NBD programs are the judges of the device.
nbd_programs="nbdinfo nbdcopy qemu-img qemu-io fio"
nbd_packages="libnbd-bin python3-libnbd qemu-utils fio"

has_nbd_programs() {
  local program
  for program in $nbd_programs; do
    command -v "$program" >/dev/null || return 1
  done
  /usr/bin/python3 -c 'import nbd' 2>/dev/null
}

prepare_nbd() {
  has_nbd_programs && return
  if [ "$install" = 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing $nbd_packages (for the device's tests)"
    # shellcheck disable=SC2086
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $nbd_packages; } >&2
  fi
  has_nbd_programs || say "not all of $nbd_programs and libnbd for python3 are here: tests with them will skip"
}

# A real Prometheus judges the metrics, promtool the alerts. The package's service is not started.
has_prometheus() { command -v prometheus >/dev/null && command -v promtool >/dev/null; }

# Debian's way to install a service without starting it; a machine that has a policy already keeps it.
install_without_starting() {
  local policy="/usr/sbin/policy-rc.d" made=0 code
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
  code=$?
  [ "$made" = 0 ] || rm -f "$policy"
  return "$code"
}

prepare_prometheus() {
  has_prometheus && return
  if [ "$install" = 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing prometheus (for the tests of dashboards and alerts)"
    { apt-get update && install_without_starting prometheus; } >&2
  fi
  has_prometheus || say "no prometheus and promtool here: tests with them will skip"
}

# A headless browser looks at the console's page.
prepare_chromium() {
  command -v chromium >/dev/null && return
  if [ "$install" = 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing chromium (for the console's tests)"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >&2
  fi
  command -v chromium >/dev/null || say "no chromium here: tests of the console's page will skip"
}

prepare_node() {
  if ! install_node; then
    say "no node $min_node or newer with npm here and none installed: the grpc-js and buf tests will skip"
    return
  fi
  if [ ! -d "$node_folder/node_modules" ] || [ "$node_folder/package-lock.json" -nt "$node_folder/node_modules" ]; then
    say "npm ci in $node_folder"
    (cd "$node_folder" && npm ci --no-audit --no-fund >&2 && touch node_modules) \
      || say "npm ci failed: the grpc-js and buf tests will skip"
  fi
}

if [ -z "$project" ] || [[ "$project" == *EndToEnd* ]]; then
  prepare_node
fi

if [ -z "$project" ] || [[ "$project" == *Nbd* ]]; then
  prepare_nbd
fi

if [ -z "$project" ] || [[ "$project" == *Telemetry* ]]; then
  prepare_prometheus
fi

if [ -z "$project" ] || [[ "$project" == *Console* ]]; then
  prepare_chromium
fi

if [ -z "$project" ] || [[ "$project" == *Vm* ]]; then
  if [ "$install" = 1 ]; then
    tests/RemoteSwap.Vm.Tests/guest/install.sh || say "the guest is not complete: its tests will skip"
  fi
fi

say "building"
# One compiler for all projects, which has its analyzers ready after the first of them. Where the environment says one for
# each, which takes twice as long, it is for this build and ends with it; elsewhere it is the user's own.
build=0
dotnet build RemoteSwap.sln -c Release -v quiet -p:UseSharedCompilation=true >&2 || build=1
[ "${UseSharedCompilation:-}" != false ] || dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
[ "$build" = 0 ] || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

rm -rf "$results"
if [ -n "$project" ]; then
  what=(--project "$project")
else
  what=(--solution RemoteSwap.sln)
fi

# A project in which no test has begun or ended for so long hangs: it is ended, and the tests that ran are named.
hang_timeout="5m"

# One project at a time: two cores bear no more, and a test that waits for another one's processor proves nothing.
dotnet test "${what[@]}" -c Release --no-build --no-ansi --no-progress --max-parallel-test-modules 1 \
  --results-directory "$PWD/$results" --report-xunit-trx \
  --hangdump --hangdump-timeout "$hang_timeout" --hangdump-type None
code=$?

count() { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{n += $1} END {print n + 0}'; }
total=$(count total)
passed=$(count passed)
failed=$(count failed)
skipped=$((total - passed - failed))

if [ "$total" = 0 ] || { [ "$code" != 0 ] && [ "$failed" = 0 ]; }; then
  say "the test runner ended with code $code; counted $total tests"
  failed=$((failed + 1))
fi
if [ "${TESTS_NO_SKIP:-}" = 1 ] && [ "$skipped" -gt 0 ]; then
  say "$skipped tests were skipped and may not be"
  code=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] || code=1
exit "$code"
