namespace RemoteSwap.Simulation.Judge;

/// <summary>A store or an invalidation of one slot, as its caller sees it. Times are those of the world.</summary>
internal sealed class Change
{
    /// <summary>Its place in the order in which changes were begun.</summary>
    public required long Order { get; init; }

    public required ulong Slot { get; init; }

    /// <summary>Which session of the history it belongs to.</summary>
    public required int Session { get; init; }

    /// <summary>The page's number; 0: an invalidation.</summary>
    public required int Page { get; init; }

    public required long Begun { get; init; }

    public long Ended { get; set; } = long.MaxValue;

    public ChangeState State { get; set; }

    /// <summary>Whether it was a single-page call, which keeps its place among those of its slot.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Whether it is a load that takes over whatever page it finds, also one that was begun later.</summary>
    public bool TakesOver { get; init; }

    /// <summary>Whether it can have an effect as a store.</summary>
    public bool IsStore => Page != 0;

    /// <inheritdoc/>
    public override string ToString() =>
        $"[{(IsStore ? $"store of page {Page}" : "invalidation")} #{Order} session {Session}, {Begun} to "
        + $"{(Ended == long.MaxValue ? "?" : Ended)}, {State}]";
}
