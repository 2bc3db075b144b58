namespace RemoteSwap.Store;

/// <summary>Which spill file it is: its number, which stands in it, and where it was.</summary>
/// <param name="Id">The number; all zeroes: none.</param>
/// <param name="Path">The path, whole.</param>
public sealed record SpillIdentity(Guid Id, string Path)
{
    /// <summary>No file that is kept.</summary>
    public static SpillIdentity None { get; } = new(Guid.Empty, "");
}
