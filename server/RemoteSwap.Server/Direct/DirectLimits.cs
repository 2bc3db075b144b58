namespace RemoteSwap.Server.Direct;

/// <summary>What a direct connection may take, beside Transport:* and Server:MaxConnections.</summary>
internal static class DirectLimits
{
    /// <summary>Bytes that a client may send before some are used, on the stream and on the connection.</summary>
    public const int WindowBytes = 1 << 20;

    /// <summary>Bytes of the largest frame, in both directions.</summary>
    public const int MaxFrameBytes = 128 << 10;

    /// <summary>Bytes of a response that are not sent, beyond which its writer waits.</summary>
    public const int MaxUnsentBytes = 1 << 20;

    /// <summary>Bytes of unsent answers to PING and SETTINGS, beyond which the client is not read.</summary>
    public const int MaxAnswerBytes = 512;

    /// <summary>Settings that a connection's first frame may have.</summary>
    public const int MaxOpeningSettings = 32;

    /// <summary>Fields of a request's head, as the web server has it.</summary>
    public const int MaxHeaders = 100;

    /// <summary>How long the line stays open behind the last word, so that it is read before the line ends.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    /// <summary>Bytes that a client takes of what waits for its window, if not all, to have taken something.</summary>
    public const int LeastTakenBytes = 16 << 10;

    /// <summary>How long a client may take nothing of what is to be sent; as long as a call may wait for it.</summary>
    public static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(1);
}
