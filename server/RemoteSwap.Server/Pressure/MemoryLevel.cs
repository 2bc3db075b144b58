using System.Runtime.InteropServices;

namespace RemoteSwap.Server.Pressure;

/// <summary>A limit that the system sets to this process and others together, and what is used of it.</summary>
/// <param name="Name">The control group, as the system names it.</param>
/// <param name="LimitBytes">The limit.</param>
/// <param name="UsedBytes">What is used and can not just be dropped: without the page cache.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MemoryLevel(string Name, long LimitBytes, long UsedBytes);
