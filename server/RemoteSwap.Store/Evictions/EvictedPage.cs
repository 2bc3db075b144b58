using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Store;

/// <summary>A page that is handed to its owner.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Encoding">How its zpage is encoded.</param>
/// <param name="Length">Bytes of its zpage, 1 to 4,122.</param>
/// <param name="ZpageChecksum">The zpage's checksum.</param>
/// <param name="PageChecksum">The page's checksum, as it was stored.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EvictedPage(
    Slot Slot, Generation Generation, ZpageEncoding Encoding, int Length, uint ZpageChecksum, uint PageChecksum);
