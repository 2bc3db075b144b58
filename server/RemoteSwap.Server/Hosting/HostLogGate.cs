namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Keeps the host's own log quiet until the server has started. What goes wrong before that is told once, in a line, by
/// whoever starts the server; the host would print the same with its stack, three times.
/// </summary>
internal sealed class HostLogGate
{
    /// <summary>The category that the host logs under.</summary>
    public const string Category = "Microsoft.Extensions.Hosting.Internal.Host";

    private volatile bool _isOpen;

    /// <summary>Lets the host log.</summary>
    public void Open() => _isOpen = true;

    /// <summary>Whether a line may be logged.</summary>
    public bool Allows(string? category, LogLevel level) =>
        level >= LogLevel.Warning && (_isOpen || category != Category);
}
