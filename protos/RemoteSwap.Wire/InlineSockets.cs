namespace RemoteSwap.Wire;

/// <summary>
/// Has the runtime go on with a socket's work on the thread that polls the sockets, instead of waking a thread of the
/// pool for it, which costs more than most of that work (BENCHMARKS). The runtime reads this from the environment when
/// the first socket is used, and nowhere else; so it is set within this process, before that.
/// <para>
/// The trade-off: what runs there must not block, for no other socket of that poller is served meanwhile. There are as
/// many pollers as processors. What the device does there is to begin requests, to send, and to wait for the rest of a
/// request for a millisecond at most; what the server does there are messages of an Exchange stream, up to the size of
/// some forty pages. Whoever has set the variable to something keeps it.
/// </para>
/// </summary>
public static class InlineSockets
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string On = "1";

    private static bool s_isOurs;

    /// <summary>Asks for it; before any socket is used.</summary>
    public static void Use()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, On);
            s_isOurs = true;
        }
    }

    /// <summary>Takes it out of what a program that is started is given: it is this process's own affair.</summary>
    /// <param name="environment">The program's environment.</param>
    public static void KeepFrom(IDictionary<string, string?> environment)
    {
        if (s_isOurs)
        {
            environment.Remove(Variable);
        }
    }
}
