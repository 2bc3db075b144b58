using System.Runtime.InteropServices;

namespace RemoteSwap.Client.Evictions;

/// <summary>What was read from an eviction file.</summary>
/// <param name="Outcome">Loaded, Corrupt or IoError; Lost: there is no page.</param>
/// <param name="Header">Of a page that is loaded: what it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LocalRead(LoadOutcome Outcome, ImageHeader Header);
