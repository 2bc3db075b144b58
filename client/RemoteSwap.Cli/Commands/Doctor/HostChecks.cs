using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>
/// Checks of the host on which a device would run: its memory must not be swapped to itself, and the kernel must be
/// willing to swap at all.
/// </summary>
internal static class HostChecks
{
    private const long EnoughLockedBytes = 64L << 20;
    private const long EnoughFiles = 4_096;
    private const long TooFewFiles = 256;
    private const long StrictOvercommit = 2;
    private const string RemoteDevice = "/dev/nbd";

    /// <summary>Makes them.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="isServerLocal">Whether the server runs on it.</param>
    public static IEnumerable<CheckResult> Run(HostFacts facts, bool isServerLocal) =>
    [
        MemoryLock(facts),
        OpenFiles(facts),
        Overcommit(facts),
        Swappiness(facts),
        OwnHost(facts, isServerLocal),
    ];

    private static CheckResult MemoryLock(HostFacts facts)
    {
        const string Name = "memory_lock";
        const string Change = "start the device with LimitMEMLOCK=infinity (systemd), `ulimit -l unlimited`, or the "
            + "capability IPC_LOCK: a device that is swapped out to itself waits for ever";
        return facts.SoftLimit("Max locked memory") switch
        {
            null => CheckResult.Warn(Name, "/proc/self/limits does not say how much memory may be locked", Change),
            long.MaxValue => CheckResult.Ok(Name, "any amount of memory may be locked"),
            >= EnoughLockedBytes and long enough =>
                CheckResult.Ok(Name, $"{new ByteSize(enough)} of memory may be locked"),
            long little => CheckResult.Warn(
                Name,
                $"only {new ByteSize(little)} of memory may be locked, not {new ByteSize(EnoughLockedBytes)}",
                Change),
        };
    }

    private static CheckResult OpenFiles(HostFacts facts)
    {
        const string Name = "open_files";
        const string Change = "raise it: LimitNOFILE=65536 (systemd) or `ulimit -n 65536`";
        return facts.SoftLimit("Max open files") switch
        {
            null => CheckResult.Warn(Name, "/proc/self/limits does not say how many files may be open", Change),
            long.MaxValue => CheckResult.Ok(Name, "any number of files may be open"),
            < TooFewFiles and long few => CheckResult.Fail(Name, $"only {few} files may be open", Change),
            < EnoughFiles and long few => CheckResult.Warn(Name, $"only {few} files may be open", Change),
            long enough => CheckResult.Ok(Name, $"{enough} files may be open"),
        };
    }

    private static CheckResult Overcommit(HostFacts facts)
    {
        const string Name = "overcommit";
        return facts.Setting("vm/overcommit_memory") switch
        {
            null => CheckResult.Warn(
                Name, "vm.overcommit_memory can not be read", "make sure that it is 0 or 1 on the host itself"),
            StrictOvercommit => CheckResult.Warn(
                Name,
                "vm.overcommit_memory is 2: address space that a server or device only reserves counts as used",
                "set it to 0 or 1, or raise vm.overcommit_ratio until the reservation fits"),
            long heuristic => CheckResult.Ok(Name, $"vm.overcommit_memory is {heuristic}"),
        };
    }

    private static CheckResult Swappiness(HostFacts facts)
    {
        const string Name = "swappiness";
        return facts.Setting("vm/swappiness") switch
        {
            null => CheckResult.Warn(
                Name, "vm.swappiness can not be read", "make sure that it is above 0 where pages shall be swapped"),
            0 => CheckResult.Warn(
                Name,
                "vm.swappiness is 0: the kernel swaps only when it is nearly out of memory",
                "set it to 60 or more where pages shall be swapped (100 treats swap and file cache alike)"),
            long willing => CheckResult.Ok(Name, $"vm.swappiness is {willing}"),
        };
    }

    private static CheckResult OwnHost(HostFacts facts, bool isServerLocal)
    {
        const string Name = "own_host_swap";
        string[] remote =
            [.. facts.Swaps().Where(path => path.StartsWith(RemoteDevice, StringComparison.Ordinal))];
        return (isServerLocal, remote.Length > 0) switch
        {
            (true, true) => CheckResult.Fail(
                Name,
                $"this host swaps to {string.Join(", ", remote)} and the server named here runs on this host",
                "swapoff it: a server whose own memory is swapped out to it stands still with the host"),
            (false, true) => CheckResult.Ok(Name, $"{string.Join(", ", remote)} is swap, the server is elsewhere"),
            _ => CheckResult.Ok(Name, "this host does not swap to a network device"),
        };
    }
}
