using System.Buffers.Binary;
using System.Text;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>What an orderly client sends, as bytes.</summary>
internal static class NbdBytes
{
    public static byte[] U16(ushort value)
    {
        byte[] bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] U32(uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text) =>
        [.. U32((uint)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Option(uint option, byte[] data) =>
        [.. "IHAVEOPT"u8, .. U32(option), .. U32((uint)data.Length), .. data];

    public static byte[] Contexts(string export, params string[] queries) =>
        [.. Text(export), .. U32((uint)queries.Length), .. queries.SelectMany(Text)];

    public static byte[] Info(string export, params ushort[] wanted) =>
        [.. Text(export), .. U16((ushort)wanted.Length), .. wanted.SelectMany(U16)];

    public static byte[] Request(ushort command, ulong offset, uint length, ushort flags = 0) =>
        [.. U32(0x2560_9513), .. U16(flags), .. U16(command), .. U64(offset ^ command), .. U64(offset), .. U32(length)];

    public static byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
