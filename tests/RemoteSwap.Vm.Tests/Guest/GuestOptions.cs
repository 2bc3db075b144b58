namespace RemoteSwap.Vm.Tests.Guest;

/// <summary>What the guest does: how much it uses, how often, and whether it is wrong about one byte.</summary>
internal sealed record GuestOptions
{
    /// <summary>Memory that the guest has.</summary>
    public int MemoryMiB { get; init; } = 128;

    /// <summary>Memory that it uses.</summary>
    public int UsedMiB { get; init; } = 192;

    /// <summary>Rounds in random order, between the one that fills and the last one in order.</summary>
    public int Rounds { get; init; } = 1;

    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = 2;

    /// <summary>One expected byte is wrong; a guest that does not say so proves nothing.</summary>
    public bool IsCanary { get; init; }

    /// <summary>The options as the swapper reads them from the kernel's command line.</summary>
    public string KernelArguments =>
        $"rs.mb={UsedMiB} rs.rounds={Rounds} rs.seed={Seed} rs.threads={Threads} rs.canary={(IsCanary ? 1 : 0)}";
}
