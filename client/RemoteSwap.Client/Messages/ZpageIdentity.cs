using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Messages;

/// <summary>What travels beside a zpage, in columns.</summary>
/// <param name="Size">Bytes of the zpage.</param>
/// <param name="Encoding">How it is encoded.</param>
/// <param name="ZpageChecksum">The zpage's checksum.</param>
/// <param name="PageChecksum">The page's.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ZpageIdentity(
    int Size, ZpageEncoding Encoding, uint ZpageChecksum, uint PageChecksum);
