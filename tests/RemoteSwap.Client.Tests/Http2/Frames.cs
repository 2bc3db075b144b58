using System.Buffers.Binary;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Frames as a server sends them, right or wrong.</summary>
internal static class Frames
{
    public const int Stream = Http2Wire.OnlyStream;

    public static byte[] Of(FrameType type, FrameFlags flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[FrameHeader.Bytes + payload.Length];
        new FrameHeader(payload.Length, type, flags, stream).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Bytes));
        return frame;
    }

    public static byte[] Settings(params (Http2Setting Setting, uint Value)[] settings)
    {
        byte[] payload = new byte[settings.Length * Http2Wire.SettingBytes];
        for (int i = 0; i < settings.Length; i++)
        {
            Span<byte> at = payload.AsSpan(i * Http2Wire.SettingBytes);
            BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)settings[i].Setting);
            BinaryPrimitives.WriteUInt32BigEndian(at[2..], settings[i].Value);
        }

        return Of(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    /// <summary>A head of fields "name: value".</summary>
    public static byte[] Block(params string[] fields) => [.. fields.SelectMany(field =>
    {
        string[] parts = field.Split(": ", 2);
        return HeadBytes.Field(parts[0], parts[1]);
    })];

    /// <summary>A whole head.</summary>
    public static byte[] Head(bool ends, params string[] fields) => Of(
        FrameType.Headers,
        FrameFlags.EndHeaders | (ends ? FrameFlags.EndStream : FrameFlags.None),
        Stream,
        Block(fields));

    /// <summary>The head of a response that messages follow.</summary>
    public static byte[] Response() => Head(ends: false, ":status: 200", "content-type: application/grpc");

    public static byte[] Trailers(params string[] fields) => Head(ends: true, fields);

    /// <summary>A message with its prefix.</summary>
    public static byte[] Message(ReadOnlySpan<byte> message)
    {
        byte[] whole = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(1), message.Length);
        message.CopyTo(whole.AsSpan(5));
        return whole;
    }

    public static byte[] Data(ReadOnlySpan<byte> bytes, bool ends = false) =>
        Of(FrameType.Data, ends ? FrameFlags.EndStream : FrameFlags.None, Stream, bytes);

    /// <summary>Bytes in as few frames as there may be.</summary>
    public static byte[] DataInFrames(byte[] bytes, int frameBytes) =>
        [.. bytes.Chunk(frameBytes).SelectMany(part => Data(part))];

    public static byte[] Padded(ReadOnlySpan<byte> bytes, byte filling) =>
        Of(FrameType.Data, FrameFlags.Padded, Stream, [filling, .. bytes, .. new byte[filling]]);

    public static byte[] Number(FrameType type, int stream, uint number) =>
        Of(type, FrameFlags.None, stream, Words(number));

    public static byte[] Window(int stream, uint more) => Number(FrameType.WindowUpdate, stream, more);

    public static byte[] Reset(Http2Error error) => Number(FrameType.ResetStream, Stream, (uint)error);

    public static byte[] GoAway(uint last, Http2Error error) =>
        Of(FrameType.GoAway, FrameFlags.None, 0, Words(last, (uint)error));

    public static byte[] Ping(bool isAnswer = false) =>
        Of(FrameType.Ping, isAnswer ? FrameFlags.EndStream : FrameFlags.None, 0, "12345678"u8);

    public static byte[] Words(params uint[] words)
    {
        byte[] bytes = new byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * sizeof(uint)), words[i]);
        }

        return bytes;
    }
}
