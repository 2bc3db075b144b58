using RemoteSwap.Codec;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// Binds the CRC-32 of a decoded page to the page's identity, and takes the binding off, where the page itself is not
/// at hand. The binding is an exclusive or with the checksum of the identity, so both are the same step.
/// </summary>
internal static class BoundChecksum
{
    /// <summary>The page checksum for a page's CRC-32, or the CRC-32 for a page checksum.</summary>
    public static uint Bind(uint crc, uint area, ulong slot, ulong generation) =>
        // The CRC-32 of no bytes is 0, so what this gives for no page is the identity's part alone.
        crc ^ PageChecksum.OfPage(default, area, slot, generation);
}
