#!/usr/bin/env python3
"""Puts the swap device beside nbdkit's memory disk: fio's nbd engine over Unix sockets, in turn, in one run.

    loadgen/compare-device.py [--rounds 3] [--seconds 2] [--size-mib 512] [--cases read-16,...] [--json FILE] [-- NBD OPTIONS]

Needs fio, nbdkit and a Release build of the solution. Each case prints, for each disk, the median of its rounds with
the lowest and highest (pages of 4 KiB a second, or the p50 of a single read in us) and the processor time a page of
everything that serves it, fio's apart; then what the device has of the others. The data is 2.5 : 1 for LZ4 and zstd.
What follows -- goes to `remoteswap nbd`, for trying options.
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SERVER = f"{ROOT}/server/RemoteSwap.Server/bin/Release/net10.0/remoteswap-server"
DEVICE = f"{ROOT}/client/RemoteSwap.Cli/bin/Release/net10.0/remoteswap"
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 30
MOST_MIB = 2048  # The server has 4 GiB, and at worst a page takes a frame.
DISKS = ["device", "sparse", "zstd"]
CASES = {  # name: (fio's rw, block bytes, depth)
    "fill": ("write", 131072, 4),
    "read-1": ("randread", 4096, 1),
    "read-16": ("randread", 4096, 16),
    "read-64": ("randread", 4096, 64),
    "write-16": ("randwrite", 4096, 16),
    "write-64": ("randwrite", 4096, 64),
    "write-128k": ("write", 131072, 4),
    "read-128k": ("read", 131072, 4),
}
# What is asked of the device: case -> {other disk: at least this part of it} (for read-1: at most).
ASKED = {
    "read-1": {"sparse": 5}, "read-16": {"sparse": 0.6, "zstd": 1}, "read-64": {"sparse": 0.6, "zstd": 1},
    "write-16": {"sparse": 0.5, "zstd": 8}, "write-64": {"sparse": 0.5, "zstd": 8},
    "write-128k": {"zstd": 2}, "read-128k": {"zstd": 0.5},
}


class Disk:
    """A disk to compare: its socket, and the processes that serve it. Every process ends with it, by its id."""

    def __init__(self, name, uri, commands):
        self.name, self.uri, self.commands, self.processes = name, uri, commands, []

    def start(self, log):
        for command, ready in self.commands:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            self.processes.append(process)
            deadline = time.monotonic() + START_SECONDS
            while not os.path.exists(ready):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.flush()
                    said = open(log.name, encoding="utf-8").read().strip()
                    sys.exit(f"compare-device: {command[0]} did not start: {said}")
                time.sleep(0.05)

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def cpu_seconds(self):
        return [self._times(process.pid) for process in self.processes]

    def resident_mib(self):
        pages = [int(open(f"/proc/{process.pid}/statm").read().split()[1]) for process in self.processes]
        return [n * 4096 / 2**20 for n in pages]

    @staticmethod
    def _times(pid):
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def fio(uri, case, seconds, size_mib):
    pattern, block, depth = CASES[case]
    command = [
        "fio", "--name=x", "--ioengine=nbd", f"--uri={uri}", f"--rw={pattern}", f"--bs={block}", f"--iodepth={depth}",
        f"--size={size_mib}M", "--buffer_compress_percentage=60", "--buffer_compress_chunk=4096", "--refill_buffers=1",
        "--randrepeat=0", "--norandommap=1", "--output-format=json",
    ]
    if case != "fill":
        command += ["--time_based=1", f"--runtime={seconds}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"compare-device: fio failed on {uri}: {result.stderr.strip()}")
    job = json.loads(result.stdout[result.stdout.index("{"):])["jobs"][0]
    side = job["read" if "read" in pattern else "write"]
    if job["error"] != 0:
        sys.exit(f"compare-device: fio saw error {job['error']} on {uri}")
    pages = side["total_ios"] * block / 4096
    run = side["runtime"] / 1000
    own = (job["usr_cpu"] + job["sys_cpu"]) / 100 * job["job_runtime"] / 1000
    return {
        "pages_per_second": pages / run, "pages": pages, "fio_us": own / pages * 1e6,
        "p50_us": side["clat_ns"]["percentile"]["50.000000"] / 1000,
    }


def measure(disk, case, options):
    before = disk.cpu_seconds()
    result = fio(disk.uri, case, options.seconds, options.size_mib)
    used = [after - start for after, start in zip(disk.cpu_seconds(), before)]
    result["served_us"] = [seconds / result["pages"] * 1e6 for seconds in used]
    return result


def middle(values):
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} - {max(values):,.0f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement")
    parser.add_argument("--size-mib", type=int, default=512, help="of each disk")
    parser.add_argument("--cases", default=",".join(name for name in CASES if name != "fill"))
    parser.add_argument("--disks", default="device,sparse,zstd")
    parser.add_argument("--json", help="a file for all measurements")
    parser.add_argument("device", nargs="*", help="further options of remoteswap nbd")
    options = parser.parse_args()
    cases, names = options.cases.split(","), options.disks.split(",")
    for wrong in [one for one in cases if one not in CASES] + [one for one in names if one not in DISKS]:
        parser.error(f"'{wrong}' is none of {', '.join([*CASES, *DISKS])}")
    if options.rounds < 1 or not 1 <= options.size_mib <= MOST_MIB:
        parser.error(f"give at least one round, and 1 to {MOST_MIB} MiB")
    for program in ["fio", "nbdkit"]:
        if shutil.which(program) is None:
            parser.error(f"{program} is not installed (Debian: apt-get install {program})")
    for built in [SERVER, DEVICE]:
        if not os.path.exists(built):
            parser.error(f"{built} is not there: dotnet build RemoteSwap.sln -c Release")
    for variable in [name for name in os.environ if name.startswith("REMOTESWAP_")]:
        del os.environ[variable]

    with tempfile.TemporaryDirectory(prefix="compare-device-") as folder:
        log = open(f"{folder}/log", "w", encoding="utf-8")
        size = f"{options.size_mib}MiB"
        pages = f"remoteswap+unix:///?socket={folder}/pages"
        known = {
            "device": Disk("device", f"nbd+unix:///?socket={folder}/device", [
                ([SERVER, "--limit", "4GiB", "--listen", f"unix:{folder}/pages", "--management", "off"], f"{folder}/pages"),
                ([DEVICE, "nbd", "--server", pages, "--size", size, "--unix", f"{folder}/device",
                  "--session", f"{folder}/session", "--empty", *options.device],
                 f"{folder}/device")]),
            "sparse": Disk("sparse", f"nbd+unix:///?socket={folder}/sparse", [
                (["nbdkit", "-f", "-U", f"{folder}/sparse", "memory", f"{options.size_mib}M"], f"{folder}/sparse")]),
            "zstd": Disk("zstd", f"nbd+unix:///?socket={folder}/zstd", [
                (["nbdkit", "-f", "-U", f"{folder}/zstd", "memory", f"{options.size_mib}M", "allocator=zstd"], f"{folder}/zstd")]),
        }
        disks = [known[name] for name in names]
        results = {}
        try:
            for disk in disks:
                disk.start(log)
                empty = disk.resident_mib()
                fio(disk.uri, "fill", 0, options.size_mib)
                grown = [now - then for now, then in zip(disk.resident_mib(), empty)]
                print(f"{disk.name}: {grown[0] / options.size_mib * 1024:,.0f} MiB resident a stored GiB", flush=True)
            for case in cases:
                print(f"{case} {'p50 in us' if case == 'read-1' else 'pages/s'}", flush=True)
                runs = {disk.name: [] for disk in disks}
                for number in range(options.rounds + 1):
                    for disk in disks:
                        run = measure(disk, case, options)
                        # The first round does not count: it compiles code and makes threads and buffers.
                        if number > 0:
                            runs[disk.name].append(run)
                results[case] = runs
                report(case, runs)
        except KeyboardInterrupt:
            sys.exit(130)
        finally:
            for disk in disks:
                disk.stop()
            log.close()
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump(results, file, indent=1)


def report(case, runs):
    key = "p50_us" if case == "read-1" else "pages_per_second"
    medians = {}
    for name, found in runs.items():
        values = [one[key] for one in found]
        medians[name] = statistics.median(values)
        served = [statistics.median(parts) for parts in zip(*(one["served_us"] for one in found))]
        costs = " + ".join(f"{us:.1f}" for us in served)
        print(f"  {name:8} {middle(values):32} {costs} us a page, fio {statistics.median([o['fio_us'] for o in found]):.1f}",
              flush=True)
    for other in ("sparse", "zstd"):
        if other in medians and "device" in medians:
            asked = ASKED.get(case, {}).get(other)
            ratio = medians["device"] / medians[other]
            print(f"  of {other}: {ratio:.2f}" + (f" (asked: at {'most' if case == 'read-1' else 'least'} {asked})" if asked else ""), flush=True)


if __name__ == "__main__":
    main()
