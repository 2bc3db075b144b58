using System.Buffers.Binary;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>Frames as an orderly end writes them, for seeds.</summary>
internal static class FrameBytes
{
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;
    public const byte Padded = 8;
    public const byte Priority = 0x20;

    private const int MostHeadBytes = 1 << 10;

    /// <summary>A frame.</summary>
    public static byte[] Frame(int type, int flags, int stream, params ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | type);
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    public static byte[] Data(int flags, params ReadOnlySpan<byte> payload) => Frame(0, flags, 1, payload);

    public static byte[] Number(int type, int stream, uint value)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, value);
        return Frame(type, 0, stream, number);
    }

    public static byte[] Settings(params (int Id, int Value)[] settings)
    {
        byte[] payload = new byte[6 * settings.Length];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6 * i), (ushort)settings[i].Id);
            BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan((6 * i) + 2), settings[i].Value);
        }

        return Frame(4, 0, 0, payload);
    }

    public static byte[] Ping(byte value, bool isAnswer = false) =>
        Frame(6, isAnswer ? 1 : 0, 0, value, 2, 3, 4, 5, 6, 7, 8);

    public static byte[] GoAway(uint last, uint error)
    {
        byte[] words = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(words, last);
        BinaryPrimitives.WriteUInt32BigEndian(words.AsSpan(4), error);
        return Frame(7, 0, 0, words);
    }

    /// <summary>A head's block.</summary>
    public static byte[] Block(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        HeaderEncoder head = new(new byte[MostHeadBytes]);
        foreach ((string name, string value) in fields)
        {
            head.TryWrite(System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(value));
        }

        return head.Written.ToArray();
    }

    /// <summary>A message with its prefix.</summary>
    public static byte[] Message(int bytes)
    {
        byte[] message = new byte[5 + bytes];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), bytes);
        for (int i = 0; i < bytes; i++)
        {
            message[5 + i] = (byte)(i * 7);
        }

        return message;
    }
}
