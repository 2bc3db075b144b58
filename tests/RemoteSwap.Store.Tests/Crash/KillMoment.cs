namespace RemoteSwap.Store.Tests.Crash;

/// <summary>What was true when a server was killed.</summary>
/// <param name="Files">Its files.</param>
/// <param name="Pages">The pages that were acknowledged last.</param>
/// <param name="Spilled">Slots whose page was spilled.</param>
/// <param name="Touched">Slots that an operation under way is about.</param>
/// <param name="Reclaims">Whether a reclaim was under way: then any page in memory may be spilled already.</param>
internal sealed record KillMoment(
    KeptFiles Files,
    Dictionary<(uint Area, ulong Slot), (ulong Generation, byte[] Zpage)> Pages,
    HashSet<(uint Area, ulong Slot)> Spilled,
    HashSet<(uint Area, ulong Slot)> Touched,
    bool Reclaims)
{
    /// <summary>Judges what the next life answers for a slot.</summary>
    /// <returns>What is wrong with it; null: nothing.</returns>
    public string? Judge((uint Area, ulong Slot) key, LoadOutcome outcome, ulong generation, ReadOnlySpan<byte> zpage)
    {
        bool isKnown = Pages.TryGetValue(key, out (ulong Generation, byte[] Zpage) page);
        if (outcome != LoadOutcome.Loaded)
        {
            return outcome is not (LoadOutcome.Lost or LoadOutcome.NotFound) ? $"{outcome}"
                : Spilled.Contains(key) && !Touched.Contains(key) ? "a page that was spilled is gone"
                : null;
        }

        return !isKnown ? "a page that was forgotten is back"
            : generation != page.Generation || !zpage.SequenceEqual(page.Zpage) ? "another page is back"
            : !Spilled.Contains(key) && !Reclaims ? "a page that was in memory only is back"
            : null;
    }
}
