namespace RemoteSwap.Store.Tests.Rig;

/// <summary>
/// Finds what must not leave memory: the pattern with which an arena under test fills freed frames stands for whatever
/// their former tenant had there. Random bytes have so many of one value in a row about never.
/// </summary>
internal static class Leaks
{
    /// <summary>How many of them in a row are the pattern.</summary>
    public const int Run = 8;

    private const byte FreedFrame = 0xDB;

    private static readonly byte[] s_pattern = [.. Enumerable.Repeat(FreedFrame, Run)];

    /// <summary>Throws if the bytes have the pattern.</summary>
    public static void Check(ReadOnlySpan<byte> bytes, string what)
    {
        int at = bytes.IndexOf(s_pattern);
        if (at >= 0)
        {
            throw new InvalidOperationException($"{what} has bytes of a freed frame at {at}");
        }
    }
}
