namespace RemoteSwap.Nbd.Tests.Support;

/// <summary>NBD_CMD_*.</summary>
internal static class Cmd
{
    public const int Read = 0;
    public const int Write = 1;
    public const int Disconnect = 2;
    public const int Flush = 3;
    public const int Trim = 4;
    public const int Cache = 5;
    public const int WriteZeroes = 6;
    public const int BlockStatus = 7;

    public const int Fua = 1;
    public const int NoHole = 2;
    public const int Df = 4;
    public const int ReqOne = 8;
    public const int FastZero = 16;
}

/// <summary>NBD_REP_*.</summary>
internal static class Rep
{
    public const uint Ack = 1;
    public const uint Server = 2;
    public const uint Info = 3;
    public const uint MetaContext = 4;
    public const uint Unsupported = 0x80000001;
    public const uint Policy = 0x80000002;
    public const uint Invalid = 0x80000003;
    public const uint TlsRequired = 0x80000005;
    public const uint Unknown = 0x80000006;
    public const uint Shutdown = 0x80000007;
    public const uint TooBig = 0x80000009;
}

/// <summary>Errors of replies.</summary>
internal static class Err
{
    public const uint Perm = 1;
    public const uint Io = 5;
    public const uint Inval = 22;
    public const uint NoSpc = 28;
    public const uint Shutdown = 108;
}
