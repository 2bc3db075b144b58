using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace RemoteSwap.Nbd;

/// <summary>How an export is served. All bounds of the server are here or are constants with a name.</summary>
public sealed class NbdServerOptions
{
    /// <summary>The protocol's own port.</summary>
    public const int DefaultPort = 10809;

    // The protocol's limits; see proto.md, "Block size constraints".
    private const int MaxMinBlockBytes = 64 << 10;
    private const int LeastMaxBlockBytes = 64 << 10;
    private const int MostMaxBlockBytes = 32 << 20;
    private const int LeastPreferredBytes = 512;
    private const int MaxTextBytes = 4096;
    private const int MaxInFlightLimit = 1024;
    private const long MaxBytesInFlightLimit = 1L << 30;
    private const int MaxConnectionsLimit = 1024;

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The export's name, at most 4,096 bytes of UTF-8. The empty name means this export too, whatever it is called.
    /// </summary>
    public string ExportName { get; init; } = "";

    /// <summary>A text for people who list exports, at most 4,096 bytes of UTF-8.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether nothing may be written.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether clients should take it for a disk that turns.</summary>
    public bool Rotational { get; init; }

    /// <summary>
    /// Requests of one connection that are served at the same time: 1 to 1,024, default 64. Further ones wait in the
    /// socket.
    /// </summary>
    public int MaxRequestsInFlight { get; init; } = 64;

    /// <summary>
    /// Bytes that reads and writes of one connection may hold at the same time: <see cref="MaxBlockBytes"/> to 1 GiB,
    /// default 64 MiB.
    /// </summary>
    public long MaxBytesInFlight { get; init; } = 64 << 20;

    /// <summary>
    /// The unit of offsets and lengths: a power of two of 1 to 65,536, default 512. It is advertised, and requests that
    /// do not keep to it fail with EINVAL.
    /// </summary>
    public int MinBlockBytes { get; init; } = 512;

    /// <summary>The unit that suits best: a power of two from 512 and the least unit on, default 4,096.</summary>
    public int PreferredBlockBytes { get; init; } = 4096;

    /// <summary>
    /// The largest read and write: 64 KiB to 32 MiB, a multiple of the least unit, default 32 MiB. Larger ones fail
    /// with EINVAL.
    /// </summary>
    public int MaxBlockBytes { get; init; } = MostMaxBlockBytes;

    /// <summary>Connections at the same time: 1 to 1,024, default 16. Further ones are closed at once.</summary>
    public int MaxConnections { get; init; } = 16;

    /// <summary>
    /// Time from a connection to the beginning of transmission, TLS included: 10 ms to 10 min, default 30 s.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The certificate and rules for NBD_OPT_STARTTLS, asked for by each connection, so that a renewed certificate is
    /// taken; null: no TLS. What it throws ends the connection.
    /// </summary>
    public Func<CancellationToken, ValueTask<SslServerAuthenticationOptions>>? Tls { get; init; }

    /// <summary>Whether clients without TLS are turned away; needs <see cref="Tls"/>.</summary>
    public bool RequireTls { get; init; }

    /// <summary>
    /// Looks at a client that has connected, before a byte is exchanged: why it is turned away, or null. Must not wait.
    /// Default: everybody is let in.
    /// </summary>
    public Func<Socket, string?>? Admits { get; init; }

    /// <summary>
    /// Where the meter <see cref="NbdTelemetry.MeterName"/> is made, as a host's services give it; null: one meter for
    /// the process.
    /// </summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// The share of requests that a span is begun for where somebody listens: 0 to 1, default 1. Who listens may drop
    /// more; but one that is left out here costs next to nothing, and there the making of a span.
    /// </summary>
    public double TracedShare { get; init; } = 1;

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message names every one with its value.</exception>
    public void Validate()
    {
        List<string> errors = [];
        AddTextError(errors, nameof(ExportName), ExportName);
        AddTextError(errors, nameof(Description), Description);
        AddRangeError(errors, nameof(MaxRequestsInFlight), MaxRequestsInFlight, 1, MaxInFlightLimit);
        AddRangeError(errors, nameof(MaxConnections), MaxConnections, 1, MaxConnectionsLimit);
        AddRangeError(errors, nameof(MaxBytesInFlight), MaxBytesInFlight, MaxBlockBytes, MaxBytesInFlightLimit);
        AddBlockErrors(errors);
        if (HandshakeTimeout < s_shortest || HandshakeTimeout > s_longest)
        {
            errors.Add($"{nameof(HandshakeTimeout)} is {HandshakeTimeout}; it must be {s_shortest} to {s_longest}");
        }

        if (TracedShare is not (>= 0 and <= 1))
        {
            errors.Add($"{nameof(TracedShare)} is {TracedShare}; it must be 0 to 1");
        }

        if (RequireTls && Tls is null)
        {
            errors.Add($"{nameof(RequireTls)} is set without {nameof(Tls)}; configure a certificate");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException("The NBD options are wrong: " + string.Join("; ", errors) + ".");
        }
    }

    private static void AddTextError(List<string> errors, string name, string? text)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) > MaxTextBytes || text.Contains('\0'))
        {
            errors.Add($"{name} must be at most {MaxTextBytes} bytes of UTF-8 without a null");
        }
    }

    private static void AddRangeError(List<string> errors, string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            errors.Add($"{name} is {value}; it must be {least} to {most}");
        }
    }

    private void AddBlockErrors(List<string> errors)
    {
        AddRangeError(errors, nameof(MinBlockBytes), MinBlockBytes, 1, MaxMinBlockBytes);
        AddRangeError(errors, nameof(MaxBlockBytes), MaxBlockBytes, LeastMaxBlockBytes, MostMaxBlockBytes);
        AddRangeError(errors, nameof(PreferredBlockBytes), PreferredBlockBytes,
            Math.Max(LeastPreferredBytes, MinBlockBytes), MaxBlockBytes);
        if (!BitOperations.IsPow2(MinBlockBytes) || !BitOperations.IsPow2(PreferredBlockBytes))
        {
            errors.Add($"{nameof(MinBlockBytes)} {MinBlockBytes} and {nameof(PreferredBlockBytes)} "
                + $"{PreferredBlockBytes} must be powers of two");
        }
        else if (MaxBlockBytes % MinBlockBytes != 0)
        {
            errors.Add($"{nameof(MaxBlockBytes)} {MaxBlockBytes} is no multiple of {nameof(MinBlockBytes)} "
                + $"{MinBlockBytes}");
        }
    }
}
