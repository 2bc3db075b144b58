using System.Collections.Concurrent;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// Opens the key rings of a connection's areas, and forgets the keys with the connection. An area that is attached
/// twice, one after the other, has two sealers: each attach is a life of its own.
/// <para>Any thread may call. Opening a ring waits for the disk, and the key command.</para>
/// </summary>
internal sealed class SealerSet(RemoteSwapClientOptions options) : IDisposable
{
    private readonly ConcurrentBag<AreaSealer> _sealers = [];

    /// <summary>Opens an area's ring; null: pages are not sealed.</summary>
    /// <param name="area">The area.</param>
    /// <param name="mayBegin">Whether the ring is made where there is none.</param>
    /// <exception cref="SealKeyException">The key or the ring can not be used.</exception>
    public AreaSealer? Open(uint area, bool mayBegin = true)
    {
        if (options.Seal is not { } how)
        {
            return null;
        }

        KeyRing ring = KeyRing.Open(how, options.Tenant, area, mayBegin);
        AreaSealer sealer = new(ring, options.Tenant, area, how.Fill);
        _sealers.Add(sealer);
        return sealer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AreaSealer sealer in _sealers)
        {
            sealer.Dispose();
        }
    }
}
