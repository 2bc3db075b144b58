using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>What <c>nbd</c> was asked for, checked.</summary>
internal sealed record NbdSettings
{
    /// <summary>Bytes of the disk, a multiple of 4,096.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Where to listen.</summary>
    public required NbdPlace Place { get; init; }

    /// <summary>How NBD clients are known; null: without TLS.</summary>
    public NbdTls? Tls { get; init; }

    /// <summary>The export's name; may be empty.</summary>
    public required string ExportName { get; init; }

    /// <summary>A shell command to run against the device and to end with; null: none.</summary>
    public string? Command { get; init; }

    /// <summary>Where the process id goes when clients can connect; null: nowhere.</summary>
    public string? PidFile { get; init; }

    /// <summary>Whether to end when the parent process does.</summary>
    public bool ExitsWithParent { get; init; }

    /// <summary>NBD clients at the same time.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Streams to the page server.</summary>
    public required int Streams { get; init; }

    /// <summary>Whether all pages of the area are forgotten first.</summary>
    public bool ForgetsPages { get; init; }

    /// <summary>Whether writes are refused.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether this machine's own kernel may attach.</summary>
    public bool AllowsOwnKernel { get; init; }

    /// <summary>Where the session is kept; null: in the user's runtime directory.</summary>
    public string? SessionPath { get; init; }

    /// <summary>Whether the area is taken from whoever has it.</summary>
    public bool TakesOver { get; init; }

    /// <summary>Whether pages and session are dropped at the end.</summary>
    public bool DropsPages { get; init; }

    /// <summary>Where pages go that the server has no memory for; null: nowhere.</summary>
    public EvictionTarget? EvictTo { get; init; }

    /// <summary>How pages are sealed; null: they are not.</summary>
    public SealOptions? Seal { get; init; }

    /// <summary>How long a request waits for a server that is away.</summary>
    public required TimeSpan Stall { get; init; }
}
