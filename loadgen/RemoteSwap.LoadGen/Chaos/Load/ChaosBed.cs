using RemoteSwap.LoadGen.Verification.Histories;

namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>What all workers of a chaos run share. Any thread may call.</summary>
internal sealed class ChaosBed(AreaHistory history, StampedPages pages, TimeProvider clock)
{
    private ulong _content;

    /// <summary>What was done to each slot.</summary>
    public AreaHistory History => history;

    /// <summary>Page contents.</summary>
    public StampedPages Pages => pages;

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>How often each outcome came.</summary>
    public OutcomeCounts Outcomes { get; } = new();

    /// <summary>Tells when work goes on again.</summary>
    public SuccessWatch Successes { get; } = new(clock);

    /// <summary>The number of the newest store.</summary>
    public ulong NewestContent => Interlocked.Read(ref _content);

    /// <summary>A number for a store.</summary>
    public ulong NextContent() => Interlocked.Increment(ref _content);
}
