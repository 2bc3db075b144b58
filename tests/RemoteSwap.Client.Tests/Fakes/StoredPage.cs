namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>A page as the fake keeps it.</summary>
internal sealed record StoredPage(
    ulong Generation,
    V1.Encoding Encoding,
    byte[] Zpage,
    uint ZpageChecksum,
    uint PageChecksum);
