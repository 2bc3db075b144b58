using RemoteSwap.Client.Security;

namespace RemoteSwap.Client.Http2;

/// <summary>What all direct streams of a connection have in common.</summary>
/// <param name="Server">The server's address.</param>
/// <param name="Dialer">Connects to it.</param>
/// <param name="Token">What is shown to it; null: nothing.</param>
/// <param name="Ends">How connections to it ended.</param>
/// <param name="Time">The clock of the keep-alive: the system's, as the server's is, but in tests.</param>
internal sealed record DirectLine(Uri Server, IDialer Dialer, TokenSource? Token, SilentEnds Ends, TimeProvider Time)
{
    /// <summary>The way to the server that options name.</summary>
    public static DirectLine To(RemoteSwapClientOptions options)
    {
        SilentEnds ends = new(options);
        return new DirectLine(
            options.Address,
            new DirectDialer(options, ends),
            options.TokenFile is { } file ? new TokenSource(file) : null,
            ends,
            TimeProvider.System);
    }
}
