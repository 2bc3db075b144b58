using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// What a frame has to be before a look into it: its length, and whether it is the stream's or the connection's (RFC
/// 9113, section 6). Whether it comes at the right time is <see cref="DirectConnection"/>'s to judge.
/// </summary>
internal static class FrameCheck
{
    /// <summary>Bytes of a WINDOW_UPDATE or RST_STREAM.</summary>
    public const int NumberBytes = 4;

    /// <summary>Bytes of a PING.</summary>
    public const int PingBytes = 8;

    private const int PriorityBytes = 5;
    private const int GoAwayBytes = 8;

    /// <summary>Checks a frame.</summary>
    /// <exception cref="WireFaultException">It may not be.</exception>
    public static void Run(in FrameHeader frame)
    {
        Require(frame.Length <= DirectLimits.MaxFrameBytes, Http2Error.FrameSize, "a frame is larger than announced");
        switch (frame.Type)
        {
            case FrameType.Data:
            case FrameType.Headers:
                RequireStream(frame.Stream == Http2Wire.OnlyStream, "a second stream");
                break;
            case FrameType.Priority:
                RequireStream(frame.Stream != 0, "PRIORITY of the connection");
                RequireLength(frame.Length == PriorityBytes);
                break;
            case FrameType.ResetStream:
                RequireStream(frame.Stream == Http2Wire.OnlyStream, "RST_STREAM of a stream that is not open");
                RequireLength(frame.Length == NumberBytes);
                break;
            case FrameType.Settings:
                RequireStream(frame.Stream == 0, "SETTINGS of a stream");
                RequireLength(
                    frame.Has(FrameFlags.EndStream) ? frame.Length == 0 : frame.Length % Http2Wire.SettingBytes == 0);
                break;
            case FrameType.Ping:
                RequireStream(frame.Stream == 0, "PING of a stream");
                RequireLength(frame.Length == PingBytes);
                break;
            case FrameType.GoAway:
                RequireStream(frame.Stream == 0, "GOAWAY of a stream");
                RequireLength(frame.Length >= GoAwayBytes);
                break;
            case FrameType.WindowUpdate:
                RequireStream(frame.Stream is 0 or Http2Wire.OnlyStream, "WINDOW_UPDATE of a stream that is not open");
                RequireLength(frame.Length == NumberBytes);
                break;
            case FrameType.PushPromise:
            case FrameType.Continuation:
                throw new WireFaultException(Http2Error.Protocol, $"a frame of type {frame.Type}");
            default:
                break;
        }
    }

    /// <summary>Refuses what may not be.</summary>
    public static void Require(bool isRight, Http2Error code, string what)
    {
        if (!isRight)
        {
            throw new WireFaultException(code, what);
        }
    }

    private static void RequireStream(bool isRight, string what) => Require(isRight, Http2Error.Protocol, what);

    private static void RequireLength(bool isRight) =>
        Require(isRight, Http2Error.FrameSize, "a frame of a length that it may not have");
}
