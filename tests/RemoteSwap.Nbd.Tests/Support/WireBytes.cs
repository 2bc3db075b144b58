using System.Buffers.Binary;
using System.Text;

namespace RemoteSwap.Nbd.Tests.Support;

/// <summary>Bytes of the wire, made without any code of the server.</summary>
internal static class WireBytes
{
    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text) =>
        Join(U32((uint)Encoding.UTF8.GetByteCount(text)), Encoding.UTF8.GetBytes(text));

    public static byte[] Option(uint option, byte[] data) =>
        Join("IHAVEOPT"u8.ToArray(), U32(option), U32((uint)data.Length), data);

    public static byte[] Info(string name, params int[] types) =>
        Join(Text(name), U16(types.Length), Join([.. types.Select(U16)]));

    public static byte[] Contexts(string name, params string[] queries) =>
        Join(Text(name), U32((uint)queries.Length), Join([.. queries.Select(Text)]));

    public static byte[] Request(int command, ulong offset, uint length, ulong cookie = 1, int flags = 0) =>
        Join(U32(0x25609513), U16(flags), U16(command), U64(cookie), U64(offset), U32(length));
}
