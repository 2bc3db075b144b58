using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Remembers, for a later life of the server, which zpages of a writeback target are the current pages of their slots,
/// and what the tenants' numbers in the images mean.
/// <para>
/// The rule that makes it worth anything: a mark is set after the image was written, and it is gone before anybody is
/// told that the page was replaced, forgotten or moved. Both are done under the lock of the page's shard, so both must
/// be plain stores: no system call, no wait.
/// </para>
/// <para>Thread-safe: marks of one place belong to the shards of its zpages.</para>
/// </summary>
public interface ILiveBook
{
    /// <summary>Places that it has marks for.</summary>
    uint Places { get; }

    /// <summary>The mark of a place.</summary>
    LiveMark this[SpillPlace place] { get; }

    /// <summary>Notes that a zpage's image is the current page of its slot.</summary>
    /// <param name="place">The place; written.</param>
    /// <param name="buddy">Which zpage of the image.</param>
    /// <param name="imageChecksum">The image's checksum.</param>
    /// <param name="isHeadless">Whether the image is a headless frame's.</param>
    void Set(SpillPlace place, Buddy buddy, uint imageChecksum, bool isHeadless);

    /// <summary>Notes that a zpage's image is not the current page of its slot any more.</summary>
    void Clear(SpillPlace place, Buddy buddy);

    /// <summary>
    /// Gives tenants their numbers: those that they had, so that images go on naming whom they named.
    /// </summary>
    /// <param name="names">All tenants of the server.</param>
    /// <returns>A number for each.</returns>
    uint[] NumberTenants(IReadOnlyList<string> names);

    /// <summary>Notes that nothing of a tenant is to be believed in a later life.</summary>
    void Distrust(uint tenant);

    /// <summary>Takes that back, once its marks are gone.</summary>
    void Trust(uint tenant);

    /// <summary>Whether the images of a tenant are to be believed.</summary>
    bool IsTrusted(uint tenant);
}
