namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>A frame as it came.</summary>
internal sealed record Http2Frame(FrameType Type, byte Flags, int Stream, byte[] Payload);
