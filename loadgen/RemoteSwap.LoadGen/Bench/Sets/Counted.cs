namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>Numbers of things in words.</summary>
internal static class Counted
{
    /// <summary>A number and what is counted, in the plural where it is due.</summary>
    public static string Of(long count, string one) =>
        FormattableString.Invariant($"{count:N0} {one}{(count == 1 ? string.Empty : "s")}");
}
