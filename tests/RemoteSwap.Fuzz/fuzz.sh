#!/usr/bin/env bash
# Fuzzes one target with AFL++ over SharpFuzz's instrumentation.
#
#   tests/RemoteSwap.Fuzz/fuzz.sh TARGET [--for 1h] [--out FOLDER]
#   tests/RemoteSwap.Fuzz/fuzz.sh --build [--out FOLDER]     builds and instruments only
#
# --for   how long, as sleep(1) reads it; default 10m
# --out   where the build, the queue and the findings are kept (default artifacts/fuzz); a later run goes on from there
#
# Ends with 1 if there are findings: FOLDER/TARGET/default/crashes/* and hangs/*. Look at one with
#   dotnet FOLDER/build/RemoteSwap.Fuzz.dll replay TARGET FILE
# and, once it is fixed, keep it in Corpus/TARGET. Needs afl++ (Debian: afl++) and the .NET SDK.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../.."

# What is instrumented: everything that reads what others wrote. Not the pool, which sees none of it.
instrumented="RemoteSwap.Nbd RemoteSwap.Codec RemoteSwap.Wire RemoteSwap.Units RemoteSwap.Store RemoteSwap.Client
  remoteswap remoteswap-server"

say() { echo "fuzz.sh: $*" >&2; }

target=""
time="10m"
out="artifacts/fuzz"
build_only=0
while [ $# -gt 0 ]; do
  case "$1" in
    --for) time="${2:?--for needs a time}"; shift ;;
    --out) out="${2:?--out needs a folder}"; shift ;;
    --build) build_only=1 ;;
    -h|--help) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) say "unknown option '$1' (see --help)"; exit 64 ;;
    *) target="$1" ;;
  esac
  shift
done

if [ "$build_only" = 0 ] && [ -z "$target" ]; then
  say "which target? $(cd "$here/Corpus" && ls -d ./* | sed 's,^\./,,' | tr '\n' ' ')"
  exit 64
fi
command -v afl-fuzz >/dev/null || { say "afl-fuzz is not installed (Debian: apt-get install afl++)"; exit 69; }

build() {
  rm -rf "$out/build"
  dotnet tool restore >&2
  dotnet publish tests/RemoteSwap.Fuzz -c Release -v quiet -o "$out/build" >&2
  local assembly
  for assembly in $instrumented; do
    dotnet sharpfuzz "$out/build/$assembly.dll" >&2
  done
  touch "$out/build/instrumented"
}

[ "$build_only" = 0 ] && [ -e "$out/build/instrumented" ] || build
[ "$build_only" = 0 ] || exit 0

# All seeds, and what earlier findings left.
seeds="$out/$target.seeds"
rm -rf "$seeds"
dotnet "$out/build/RemoteSwap.Fuzz.dll" seeds "$out/seeds.all"
mkdir -p "$seeds"
cp "$out/seeds.all/$target/"* "$seeds/"
cp "$here/Corpus/$target/"* "$seeds/" 2>/dev/null || true

# The runtime's own threads, its signals and its reserved memory are no crashes and no limits of ours.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_AUTORESUME=1
export AFL_NO_AFFINITY=1 DOTNET_TieredPGO=0 DOTNET_gcServer=0
timeout --signal INT --kill-after 30 "$time" \
  afl-fuzz -i "$seeds" -o "$out/$target" -t 10000 -m none -- dotnet "$out/build/RemoteSwap.Fuzz.dll" afl "$target" \
  >"$out/$target.log" 2>&1 || true

stats="$out/$target/default/fuzzer_stats"
[ -e "$stats" ] || { tail -20 "$out/$target.log" >&2; exit 70; }
grep -E '^(run_time|execs_done|execs_per_sec|corpus_count|edges_found|bitmap_cvg|stability|saved_crashes|saved_hangs)' "$stats"
! grep -qE '^saved_(crashes|hangs) *: *[1-9]' "$stats"
