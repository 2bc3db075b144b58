using System.Diagnostics.Metrics;
using System.Text;

namespace RemoteSwap.Client;

/// <summary>
/// How a connection behaves. Verification can not be left out: a page that did not verify is never handed out.
/// </summary>
public sealed class RemoteSwapClientOptions
{
    /// <summary>The most streams of a connection.</summary>
    internal const int MaxStreams = 16;

    // A socket address holds 108 bytes, the last of them 0.
    private const int MaxSocketPathBytes = 107;
    private const int MaxTenantBytes = 128;
    private const int MaxAttemptsLimit = 5;

    private static readonly TimeSpan LongestCallDeadline = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestConnectTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// The server: <c>http://host:port</c> (HTTP/2 without TLS), <c>https://host:port</c> (TLS 1.3), or
    /// <c>unix:///path/to/socket</c> (an absolute path of at most 107 bytes). No path, query or user after the port.
    /// </summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// How the server is known and who this client is; null: the system's authorities, and no certificate. For
    /// <c>https</c> only.
    /// </summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>
    /// A file with a token (<c>rst_...</c>), which is sent with every call and stream; null: none. Refused where others
    /// than its owner may read it, and where it would travel to another machine without TLS. Looked at whenever a call
    /// or stream begins, so that it may be replaced.
    /// </summary>
    public string? TokenFile { get; init; }

    /// <summary>The tenant as configured on the server, 1 to 128 bytes of UTF-8. Default: <c>default</c>.</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>
    /// The longest time that one call may take, all its attempts together: 1 ms to 1 h, default 10 s. A batch of more
    /// than 512 pages is several calls.
    /// </summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a call is tried while the server is unavailable, the first time included: 1 to 5, default 4. Repeating
    /// is safe: every attempt carries the same generations.
    /// </summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>
    /// Whether calls over streams wait for a server that is away until their deadline, however many attempts that
    /// takes, instead of failing after <see cref="MaxAttempts"/>: for who would rather stand still than fail, as a swap
    /// device. Default: they fail.
    /// </summary>
    public bool WaitsForServer { get; init; }

    /// <summary>
    /// The wait before the second attempt (a random part of it), doubled for each further one: 1 ms to 1 min.
    /// Default 50 ms.
    /// </summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait before an attempt: <see cref="InitialBackoff"/> to 1 min, default 1 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time to make one transport connection: 1 ms to 10 min, default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Long-lived streams over which stores, loads, invalidations and pings travel: 0 to 16, default 4. Each has
    /// a transport connection of its own; all other calls share one more.
    /// <para>
    /// 0: each is a call of its own, which any server of the contract understands. From 1 on: less work for each
    /// message, and single-page calls that run at the same time are gathered into batches (by stream, kind and area;
    /// one that finds none of its kind under way goes at once). More streams let more cores decode and send at the same
    /// time; fewer make larger batches. Deadlines over streams are kept to within some 50 ms.
    /// </para>
    /// </summary>
    public int Streams { get; init; } = 4;

    /// <summary>
    /// Where the meter <see cref="ClientTelemetry.MeterName"/> is made, as a host's services give it; null: one meter
    /// for the process.
    /// </summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// Whether a request begins a trace where somebody listens and no caller of it has a span that is recorded.
    /// Default: it does. For who has spans of its own around all that it wants traced, as a swap device: it does not.
    /// </summary>
    public bool StartsTraces { get; init; } = true;

    /// <summary>
    /// Seals pages here, so that the server sees ciphertext only; null, the default: they travel compressed and in the
    /// clear. Of areas that hold pages already, do not change it: they would be Corrupt.
    /// </summary>
    public SealOptions? Seal { get; init; }

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message names every one with its value.</exception>
    public void Validate()
    {
        List<string> errors = [];
        AddAddressErrors(errors);
        AddCredentialErrors(errors);

        int tenantBytes = Tenant is null ? 0 : Encoding.UTF8.GetByteCount(Tenant);
        if (string.IsNullOrWhiteSpace(Tenant) || tenantBytes > MaxTenantBytes)
        {
            errors.Add(
                $"{nameof(Tenant)} '{Tenant}' has {tenantBytes} bytes; name a tenant of 1 to {MaxTenantBytes} bytes");
        }

        if (MaxAttempts is < 1 or > MaxAttemptsLimit)
        {
            errors.Add($"{nameof(MaxAttempts)} is {MaxAttempts}; it must be 1 to {MaxAttemptsLimit}");
        }

        if (Streams is < 0 or > MaxStreams)
        {
            errors.Add($"{nameof(Streams)} is {Streams}; it must be 0 to {MaxStreams}");
        }

        AddTimeErrors(errors, nameof(CallDeadline), CallDeadline, Shortest, LongestCallDeadline);
        AddTimeErrors(errors, nameof(InitialBackoff), InitialBackoff, Shortest, LongestBackoff);
        AddTimeErrors(errors, nameof(MaxBackoff), MaxBackoff, Shortest, LongestBackoff);
        AddTimeErrors(errors, nameof(ConnectTimeout), ConnectTimeout, Shortest, LongestConnectTimeout);
        Seal?.AddErrors(errors);
        if (MaxBackoff < InitialBackoff)
        {
            errors.Add($"{nameof(MaxBackoff)} {MaxBackoff} is shorter than {nameof(InitialBackoff)} {InitialBackoff}");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException("The client options are wrong: " + string.Join("; ", errors) + ".");
        }
    }

    private static void AddTimeErrors(List<string> errors, string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            errors.Add($"{name} is {value}; it must be {least} to {most}");
        }
    }

    private void AddCredentialErrors(List<string> errors)
    {
        Tls?.AddErrors(errors);
        if (Address is not { IsAbsoluteUri: true })
        {
            return;
        }

        if (Tls is not null && !ServerAddress.IsTls(Address))
        {
            errors.Add($"{nameof(Tls)} is set and {nameof(Address)} '{Address}' is without TLS; use https://host:port");
        }

        if (TokenFile is not null && string.IsNullOrWhiteSpace(TokenFile))
        {
            errors.Add($"{nameof(TokenFile)} is empty; leave it out or name one");
        }

        if (TokenFile is not null
            && !ServerAddress.IsTls(Address) && !ServerAddress.IsUnixSocket(Address) && !Address.IsLoopback)
        {
            errors.Add($"{nameof(TokenFile)} is set and {nameof(Address)} '{Address}' is without TLS: anybody on the "
                + "way could read the token; use https://host:port");
        }
    }

    private void AddAddressErrors(List<string> errors)
    {
        const string Forms = "use http://host:port, https://host:port or unix:///path/to/socket";
        if (Address is null || !Address.IsAbsoluteUri)
        {
            errors.Add($"{nameof(Address)} '{Address}' is not an absolute address; {Forms}");
            return;
        }

        if (ServerAddress.IsUnixSocket(Address))
        {
            int pathBytes = Encoding.UTF8.GetByteCount(ServerAddress.SocketPath(Address));
            if (Address.Host.Length > 0 || pathBytes is <= 1 or > MaxSocketPathBytes)
            {
                errors.Add($"{nameof(Address)} '{Address}' names no socket by an absolute path of at most "
                    + $"{MaxSocketPathBytes} bytes; use unix:///path/to/socket");
            }
        }
        else if (Address.Scheme != Uri.UriSchemeHttp && Address.Scheme != Uri.UriSchemeHttps)
        {
            errors.Add($"{nameof(Address)} '{Address}' has the unknown scheme '{Address.Scheme}'; {Forms}");
        }
        else if (Address.PathAndQuery != "/" || Address.UserInfo.Length > 0 || Address.Fragment.Length > 0)
        {
            errors.Add($"{nameof(Address)} '{Address}' has more than a host and a port; {Forms}");
        }
    }
}
