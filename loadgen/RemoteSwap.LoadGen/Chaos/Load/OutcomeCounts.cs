using System.Collections.Concurrent;

namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>How often each outcome came, by its name. Any thread may call.</summary>
internal sealed class OutcomeCounts
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one.</summary>
    public void Add(string outcome) => _counts.AddOrUpdate(outcome, 1, static (_, count) => count + 1);

    /// <summary>How often one has come.</summary>
    public long Of(string outcome) => _counts.GetValueOrDefault(outcome);

    /// <summary>All of them, by name.</summary>
    public SortedDictionary<string, long> ToSorted() => new(_counts, StringComparer.Ordinal);
}
