using System.Buffers.Binary;
using Grpc.Core;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// The frames of a connection that carry nothing of a message: settings, pings, windows, the ends of stream and
/// connection. Answers are added to the output, and sent when the reader waits next.
/// <para>Used by the reader; <see cref="Ping"/> from any thread.</para>
/// </summary>
/// <param name="output">Where answers go.</param>
/// <param name="credit">What the server takes.</param>
internal sealed class ControlFrames(FrameOutput output, SendCredit credit)
{
    private const int PingBytes = 8;
    private const int GoAwayBytes = 8;

    private bool _hasSettings;

    /// <summary>Checks that the server begins as it must (RFC 9113, section 3.4).</summary>
    public void RequireSettingsFirst(in FrameHeader header)
    {
        if (!_hasSettings && (header.Type != FrameType.Settings || header.Has(FrameFlags.EndStream)))
        {
            throw new ProtocolBreach(
                Http2Error.Protocol,
                $"the connection begins with a frame of type {(int)header.Type}; is it a server of HTTP/2?");
        }

        _hasSettings = true;
    }

    /// <summary>Takes a frame.</summary>
    /// <returns>How it ends the stream; null: it does not.</returns>
    public Status? Take(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.ResetStream:
                RequireStream(header);
                return StreamStatus.OfReset((Http2Error)Number(header, payload));
            case FrameType.Settings:
                TakeSettings(header, payload);
                return null;
            case FrameType.PushPromise:
                throw new ProtocolBreach(Http2Error.Protocol, "the server pushes, and that was switched off");
            case FrameType.Ping:
                TakePing(header, payload);
                return null;
            case FrameType.GoAway:
                return TakeGoAway(header, payload);
            case FrameType.WindowUpdate:
                TakeWindow(header, payload);
                return null;
            default:
                // Priorities have no meaning any more, and what is unknown is passed over (section 4.1).
                return null;
        }
    }

    /// <summary>Asks for a sign of life.</summary>
    public void Ping()
    {
        output.AddAnswer(FrameType.Ping, FrameFlags.None, 0, stackalloc byte[PingBytes]);
        output.Flush();
    }

    /// <summary>Tells why the connection ends.</summary>
    public void GoAway(Http2Error error)
    {
        Span<byte> words = stackalloc byte[GoAwayBytes];
        BinaryPrimitives.WriteUInt32BigEndian(words, 0);
        BinaryPrimitives.WriteUInt32BigEndian(words[sizeof(uint)..], (uint)error);
        output.AddAnswer(FrameType.GoAway, FrameFlags.None, 0, words);
        output.Flush();
    }

    /// <summary>Gives so many bytes back to the server's windows, the connection's and the stream's.</summary>
    public void Widen(int bytes)
    {
        Span<byte> wider = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(wider, (uint)bytes);
        output.AddAnswer(FrameType.WindowUpdate, FrameFlags.None, 0, wider);
        output.AddAnswer(FrameType.WindowUpdate, FrameFlags.None, Http2Wire.OnlyStream, wider);
    }

    /// <summary>Checks that a frame is for the stream that there is.</summary>
    public static void RequireStream(in FrameHeader header)
    {
        if (header.Stream != Http2Wire.OnlyStream)
        {
            throw new ProtocolBreach(Http2Error.Protocol, $"a {header.Type} frame for stream {header.Stream}");
        }
    }

    private static void RequireConnection(in FrameHeader header)
    {
        if (header.Stream != 0)
        {
            throw new ProtocolBreach(Http2Error.Protocol, $"a {header.Type} frame for stream {header.Stream}");
        }
    }

    private void TakeSettings(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        RequireConnection(header);
        bool isAnswer = header.Has(FrameFlags.EndStream);
        if (isAnswer ? header.Length != 0 : header.Length % Http2Wire.SettingBytes != 0)
        {
            throw new ProtocolBreach(Http2Error.FrameSize, $"a SETTINGS frame of {header.Length} bytes");
        }

        for (; !payload.IsEmpty; payload = payload[Http2Wire.SettingBytes..])
        {
            uint value = BinaryPrimitives.ReadUInt32BigEndian(payload[sizeof(ushort)..]);
            switch ((Http2Setting)BinaryPrimitives.ReadUInt16BigEndian(payload))
            {
                case Http2Setting.EnablePush when value != 0:
                    throw new ProtocolBreach(Http2Error.Protocol, "a server offers to take pushed streams");
                case Http2Setting.InitialWindowSize:
                    credit.SetInitial(value);
                    break;
                case Http2Setting.MaxFrameSize:
                    credit.SetFrame(value);
                    break;
                default:
                    // The others bind nobody who opens one stream and refers to no table.
                    break;
            }
        }

        if (!isAnswer)
        {
            output.AddAnswer(FrameType.Settings, FrameFlags.EndStream, 0, default);
        }
    }

    private void TakePing(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        RequireConnection(header);
        if (header.Length != PingBytes)
        {
            throw new ProtocolBreach(Http2Error.FrameSize, $"a PING frame of {header.Length} bytes");
        }

        if (!header.Has(FrameFlags.EndStream))
        {
            output.AddAnswer(FrameType.Ping, FrameFlags.EndStream, 0, payload);
        }
    }

    // What the server has begun it ends; a stream that it says it has not seen, it never will.
    private static Status? TakeGoAway(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        RequireConnection(header);
        if (header.Length < GoAwayBytes)
        {
            throw new ProtocolBreach(Http2Error.FrameSize, $"a GOAWAY frame of {header.Length} bytes");
        }

        uint last = BinaryPrimitives.ReadUInt32BigEndian(payload) & int.MaxValue;
        Http2Error error = (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload[sizeof(uint)..]);
        return last < Http2Wire.OnlyStream || error != Http2Error.None
            ? StreamStatus.Broken($"the server ends the connection (HTTP/2 error {error})")
            : null;
    }

    private void TakeWindow(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Stream is not (0 or Http2Wire.OnlyStream))
        {
            throw new ProtocolBreach(Http2Error.Protocol, $"a window for stream {header.Stream}");
        }

        credit.Add(header.Stream, (int)(Number(header, payload) & int.MaxValue));
    }

    private static uint Number(in FrameHeader header, ReadOnlySpan<byte> payload) => header.Length == sizeof(uint)
        ? BinaryPrimitives.ReadUInt32BigEndian(payload)
        : throw new ProtocolBreach(Http2Error.FrameSize, $"a {header.Type} frame of {header.Length} bytes");
}
