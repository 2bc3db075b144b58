using RemoteSwap.Fuzz.Core;
using RemoteSwap.Nbd;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>Production's server before one client that has said everything already.</summary>
internal static class NbdSession
{
    // Nothing waits for anything, so this is an endless loop's.
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    /// <summary>Serves a script to its end.</summary>
    /// <returns>What was sent.</returns>
    /// <exception cref="FindingException">The server threw, hung, or ended for a reason that it did not foresee.
    /// </exception>
    public static byte[] Serve(FlatDisk disk, NbdServerOptions options, byte[] script, int pieceBytes)
    {
        string? unforeseen = null;
        NbdServer server = new(disk, options, line =>
        {
            // Foreseen ends are one line; others are told with the stack.
            unforeseen ??= line.Contains("\n   at ", StringComparison.Ordinal) ? line : null;
        });
        ScriptedStream stream = new(script, pieceBytes);
        FindingException.Unless(
            server.RunConnectionAsync(stream, CancellationToken.None).Wait(s_deadline), "a session does not end");
        FindingException.Unless(unforeseen is null, $"a client ended the connection by {unforeseen}");
        FindingException.Unless(server.ConnectionCount == 0, "a connection is left");
        return stream.Sent.ToArray();
    }
}
