using System.Buffers.Binary;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>Frames that a connection says for itself.</summary>
internal static class ConnectionFrames
{
    private const int GoAwayBytes = 8;
    private const int NumberBytes = FrameCheck.NumberBytes;

    private static readonly (Http2Setting Setting, int Value)[] s_settings =
    [
        (Http2Setting.HeaderTableSize, 0),
        (Http2Setting.MaxConcurrentStreams, 1),
        (Http2Setting.InitialWindowSize, DirectLimits.WindowBytes),
        (Http2Setting.MaxFrameSize, DirectLimits.MaxFrameBytes),
    ];

    /// <summary>Says what the client may send.</summary>
    public static void PostOpening(FrameOutput output)
    {
        int bytes = s_settings.Length * Http2Wire.SettingBytes;
        Span<byte> frames = stackalloc byte[(2 * FrameHeader.Bytes) + bytes + NumberBytes];
        new FrameHeader(bytes, FrameType.Settings, FrameFlags.None, 0).Write(frames);
        Span<byte> rest = frames[FrameHeader.Bytes..];
        foreach ((Http2Setting setting, int value) in s_settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)setting);
            BinaryPrimitives.WriteInt32BigEndian(rest[sizeof(ushort)..], value);
            rest = rest[Http2Wire.SettingBytes..];
        }

        new FrameHeader(NumberBytes, FrameType.WindowUpdate, FrameFlags.None, 0).Write(rest);
        BinaryPrimitives.WriteInt32BigEndian(
            rest[FrameHeader.Bytes..], DirectLimits.WindowBytes - Http2Wire.DefaultWindowBytes);
        output.Post(frames);
    }

    /// <summary>Confirms a SETTINGS.</summary>
    public static void PostSettingsAnswer(FrameOutput output)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.Bytes];
        new FrameHeader(0, FrameType.Settings, FrameFlags.EndStream, 0).Write(frame);
        output.Post(frame);
    }

    /// <summary>Gives a sign of life, or asks for one.</summary>
    /// <param name="output">Takes it.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="isAnswer">Whether it is given.</param>
    public static void PostPing(FrameOutput output, ReadOnlySpan<byte> payload, bool isAnswer)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.Bytes + FrameCheck.PingBytes];
        FrameFlags flags = isAnswer ? FrameFlags.EndStream : FrameFlags.None;
        new FrameHeader(FrameCheck.PingBytes, FrameType.Ping, flags, 0).Write(frame);
        payload.CopyTo(frame[FrameHeader.Bytes..]);
        output.Post(frame);
    }

    /// <summary>Says that no stream is taken any more.</summary>
    /// <param name="output">Takes it.</param>
    /// <param name="lastStream">The stream that was taken; 0: none.</param>
    /// <param name="code">Why.</param>
    public static void PostGoAway(FrameOutput output, int lastStream, Http2Error code)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.Bytes + GoAwayBytes];
        new FrameHeader(GoAwayBytes, FrameType.GoAway, FrameFlags.None, 0).Write(frame);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Bytes..], lastStream);
        BinaryPrimitives.WriteUInt32BigEndian(frame[(FrameHeader.Bytes + NumberBytes)..], (uint)code);
        output.Post(frame);
    }
}
