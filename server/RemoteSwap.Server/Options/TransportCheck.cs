using RemoteSwap.Units;

namespace RemoteSwap.Server.Options;

/// <summary>Checks section "Transport" and turns it into values.</summary>
internal static class TransportCheck
{
    private const int MaxStreams = 100_000;
    private const string Off = "off";

    private static readonly ByteSize s_leastHeaders = new(4 << 10);

    // The web server's own buffer for a request, beyond which it does not start.
    private static readonly ByteSize s_mostHeaders = new(1 << 20);
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>Checks the section.</summary>
    /// <param name="section">The section as written.</param>
    /// <param name="errors">Takes everything that is wrong.</param>
    public static TransportLimits Run(TransportSection section, List<string> errors)
    {
        if (section.MaxStreams is < 1 or > MaxStreams)
        {
            errors.Add($"Transport:MaxStreams is {section.MaxStreams}; it must be from 1 to {MaxStreams}");
        }

        bool isSize = ByteSize.TryParse(section.MaxHeaderBytes, out ByteSize headers);
        if (!isSize || headers.Bytes < s_leastHeaders.Bytes || headers.Bytes > s_mostHeaders.Bytes)
        {
            errors.Add(
                $"Transport:MaxHeaderBytes is '{section.MaxHeaderBytes}'; it must be a size from {s_leastHeaders} to "
                + $"{s_mostHeaders}");
        }

        return new TransportLimits
        {
            MaxStreams = section.MaxStreams,
            HeadersTimeout = Time("HeadersTimeout", section.HeadersTimeout, errors),
            MaxHeaderBytes = (int)Math.Min(headers.Bytes, s_mostHeaders.Bytes),
            PingDelay = section.PingDelay == Off
                ? null
                : Time("PingDelay", section.PingDelay, errors, $" or \"{Off}\""),
            PingTimeout = Time("PingTimeout", section.PingTimeout, errors),
        };
    }

    private static TimeSpan Time(string name, string text, List<string> errors, string more = "")
    {
        if (!DurationText.TryParse(text, out TimeSpan time) || time < s_shortest || time > s_longest)
        {
            errors.Add($"Transport:{name} is '{text}'; it must be a time from 1s to 10m{more}");
        }

        return time;
    }
}
