namespace RemoteSwap.Store;

/// <summary>What a drain has written of one tenant.</summary>
internal sealed record DrainedTenant
{
    /// <summary>The tenant's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its number, which the headers of its images carry.</summary>
    public uint Number { get; init; }

    /// <summary>How many shards it had.</summary>
    public int Shards { get; init; }

    /// <summary>Its images.</summary>
    public long Images { get; init; }

    /// <summary>Frames of memory that it used, index and handles included.</summary>
    public long Frames { get; init; }

    /// <summary>Pages that are in the images.</summary>
    public long Pages { get; init; }

    /// <summary>Pages that stay in a spill file that is kept.</summary>
    public long SpilledPages { get; init; }

    /// <summary>Pages that could not be written: of a tenant that failed a check, or in a spill file that is not
    /// kept.</summary>
    public long LostPages { get; init; }

    /// <summary>The areas that held pages.</summary>
    public IReadOnlyList<uint> Areas { get; init; } = [];
}
