using RemoteSwap.Codec;

namespace RemoteSwap.Client;

/// <summary>
/// A file of this client's for pages that the server has no memory for. It grows as pages come, and is read back when
/// the client is started again.
/// <para>
/// It outlives a crash of the process, not of the machine: nothing is synced to the disk. What it keeps is swapped
/// memory of a guest on this machine, which would not outlive that either.
/// </para>
/// </summary>
/// <param name="Path">The file's path; its folder must exist. One area has one file, and nobody else uses it.</param>
/// <param name="LimitBytes">Pages that it may hold, in bytes of 4,096 each; at least 4,096. The file takes a
/// sixty-fourth more.</param>
public sealed record EvictionTarget(string Path, long LimitBytes)
{
    internal void Validate()
    {
        if (LimitBytes < PageSize.Bytes)
        {
            throw new ArgumentException(
                $"{nameof(LimitBytes)} is {LimitBytes}; it must be {PageSize.Bytes} at least, room for a page.");
        }
    }
}
