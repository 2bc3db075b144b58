namespace RemoteSwap.Store;

/// <summary>What a drain has written: the last file of it, without which the others are of no use.</summary>
internal sealed record DrainManifest
{
    /// <summary>The format described here.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The drain's number; the book of areas names it, and every image is bound to it.</summary>
    public ulong Drain { get; init; }

    /// <summary>The life that ended with it.</summary>
    public ulong Incarnation { get; init; }

    /// <summary>Images in the file.</summary>
    public long Images { get; init; }

    /// <summary>How long the drain took until this was written, in milliseconds; 0: not known.</summary>
    public long ElapsedMilliseconds { get; init; }

    /// <summary>Where spilled pages are; none: nowhere, or it is not known.</summary>
    public SpillIdentity SpillFile { get; init; } = SpillIdentity.None;

    /// <summary>The tenants, in the order of their images.</summary>
    public IReadOnlyList<DrainedTenant> Tenants { get; init; } = [];
}
