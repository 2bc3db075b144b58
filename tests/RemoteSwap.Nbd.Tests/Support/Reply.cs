namespace RemoteSwap.Nbd.Tests.Support;

/// <summary>A simple reply.</summary>
internal sealed record Reply(uint Error, ulong Cookie, byte[] Data);

/// <summary>A chunk of a structured reply.</summary>
internal sealed record Chunk(int Flags, int Type, ulong Cookie, byte[] Data)
{
    public bool IsDone => (Flags & 1) != 0;
}

/// <summary>A reply to an option.</summary>
internal sealed record OptionReply(uint Option, uint Type, byte[] Data);
