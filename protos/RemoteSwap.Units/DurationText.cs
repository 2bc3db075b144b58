using System.Globalization;

namespace RemoteSwap.Units;

/// <summary>
/// Durations as people write them: <c>250ms</c>, <c>10s</c>, <c>3m</c>, <c>1.5h</c>. The unit is required.
/// </summary>
public static class DurationText
{
    /// <summary>What a duration may look like, for messages.</summary>
    public const string Allowed = "a time such as 250ms, 10s, 3m or 1h, greater than 0 and at most 168h";

    private const double MaxSeconds = 7 * 24 * 3600;

    // "ms" stands before "s" and "m": the first suffix that fits is taken.
    private static readonly (string Suffix, double Seconds)[] s_units =
    [
        ("ms", 0.001), ("us", 0.000_001), ("s", 1), ("m", 60), ("h", 3600),
    ];

    /// <summary>Reads a duration.</summary>
    /// <returns>Whether the text is one within range.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        foreach ((string suffix, double unitSeconds) in s_units)
        {
            if (!trimmed.EndsWith(suffix, StringComparison.Ordinal))
            {
                continue;
            }

            ReadOnlySpan<char> number = trimmed[..^suffix.Length].TrimEnd();
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                || value * unitSeconds > MaxSeconds
                || !(value > 0))
            {
                return false;
            }

            duration = TimeSpan.FromSeconds(value * unitSeconds);
            return duration > TimeSpan.Zero;
        }

        return false;
    }

    /// <summary>A duration in the unit that suits it, such as <c>250 us</c> or <c>1.37 ms</c>.</summary>
    public static string Format(TimeSpan duration) => duration switch
    {
        { TotalMilliseconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds:0} us"),
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.00} ms"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.0} min"),
    };
}
