using System.Runtime.InteropServices;

namespace RemoteSwap.Client.Evictions;

/// <summary>Where a page is in the eviction file, and which one it is.</summary>
/// <param name="Place">The place.</param>
/// <param name="Generation">The page's generation.</param>
/// <param name="PageChecksum">The page's checksum.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LocalImage(uint Place, ulong Generation, uint PageChecksum);
