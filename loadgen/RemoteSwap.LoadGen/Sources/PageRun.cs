using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>Pages of a process that lie together.</summary>
/// <param name="Address">Address of the first.</param>
/// <param name="Pages">How many.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageRun(long Address, int Pages);
