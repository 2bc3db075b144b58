using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Store;

/// <summary>What a Load found, beside the zpage's bytes.</summary>
/// <param name="Generation">The page's generation.</param>
/// <param name="Encoding">How the zpage is encoded.</param>
/// <param name="Length">Bytes of the zpage.</param>
/// <param name="ZpageChecksum">CRC-32 of the zpage, as it was stored.</param>
/// <param name="PageChecksum">The page checksum, as it was stored.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LoadedPage(
    Generation Generation, ZpageEncoding Encoding, int Length, uint ZpageChecksum, uint PageChecksum);
