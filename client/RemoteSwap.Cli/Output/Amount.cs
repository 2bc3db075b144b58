using System.Globalization;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Output;

/// <summary>Numbers as a table shows them.</summary>
internal static class Amount
{
    /// <summary>What stands where there is nothing to say.</summary>
    public const string None = "-";

    /// <summary>A number of bytes in one word, such as <c>4GiB</c>.</summary>
    public static string Bytes(ulong bytes) =>
        new ByteSize((long)Math.Min(bytes, long.MaxValue)).ToString().Replace(" ", "", StringComparison.Ordinal);

    /// <summary>A count.</summary>
    public static string Count(ulong count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>A ratio, to two digits.</summary>
    public static string Ratio(double? ratio) =>
        ratio is double value ? value.ToString("0.00", CultureInfo.InvariantCulture) : None;

    /// <summary>A rate in bytes.</summary>
    public static string Rate(double bytesPerSecond) => Bytes((ulong)Math.Max(0, bytesPerSecond)) + "/s";
}
