namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>Types of HTTP/2 frames (RFC 9113, section 6).</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}
