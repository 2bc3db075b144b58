namespace RemoteSwap.Pool.Tests.Golden;

/// <summary>Where a pool first behaves otherwise than a trace says.</summary>
/// <param name="Trace">The trace's file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Expected">The line as it stands there.</param>
/// <param name="Got">The line that the pool would have written.</param>
internal sealed record ReplayDifference(string Trace, int Line, string Expected, string Got)
{
    public override string ToString() => $"{Trace}:{Line}: expected '{Expected}', got '{Got}'";
}
