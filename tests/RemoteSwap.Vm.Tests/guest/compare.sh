#!/usr/bin/env bash
# Runs the guest on nbdkit's memory disk and on RemoteSwap in turn, and prints what a major fault takes on each.
#
#   compare.sh [RUNS]    3 by default; each takes about two minutes under software emulation on two cores
#
# Leaves compare.txt and compare.json in artifacts/guest.
set -euo pipefail
cd "$(dirname "$0")/../../.."

results=artifacts/guest
rm -f "$results"/compare.{txt,json}
export VM_COMPARE_RUNS="${1:-3}" TESTS_NO_SKIP=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet test --project tests/RemoteSwap.Vm.Tests -c Release --no-ansi --no-progress \
  --filter-class '*ComparisonTests' >&2
cat "$results/compare.txt" "$results/compare.json"
