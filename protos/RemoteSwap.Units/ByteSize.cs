using System.Globalization;

namespace RemoteSwap.Units;

/// <summary>
/// An amount of bytes as people write it: <c>4KiB</c>, <c>8G</c>, <c>512MiB</c>, <c>1.5GB</c>. <c>K</c>, <c>M</c>,
/// <c>G</c>, <c>T</c> and their <c>iB</c> forms are powers of 1024, <c>kB</c>, <c>MB</c>, <c>GB</c>, <c>TB</c> of 1000.
/// </summary>
/// <param name="Bytes">The amount, 0 to 2^62.</param>
public readonly record struct ByteSize(long Bytes)
{
    /// <summary>What a size may look like, for messages.</summary>
    public const string Allowed = "a size such as 4096, 64KiB, 512MiB or 8G (K, M, G, T = powers of 1024)";

    private const double MaxBytes = 1L << 62;

    private static readonly (string Suffix, long Factor)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40), ("B", 1),
    ];

    /// <summary>Reads a size.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out ByteSize size)
    {
        long factor = 1;
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        foreach ((string suffix, long unit) in s_units)
        {
            if (number.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                factor = unit;
                number = number[..^suffix.Length].TrimEnd();
                break;
            }
        }

        size = default;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value)
            || value * factor > MaxBytes)
        {
            return false;
        }

        size = new ByteSize((long)(value * factor));
        return true;
    }

    /// <summary>The size with the largest unit that leaves at least 1, such as <c>256 MiB</c>.</summary>
    public override string ToString()
    {
        for (int i = 3; i >= 0; i--)
        {
            if (Bytes >= s_units[i].Factor)
            {
                double value = (double)Bytes / s_units[i].Factor;
                return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {s_units[i].Suffix}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Bytes} B");
    }
}
