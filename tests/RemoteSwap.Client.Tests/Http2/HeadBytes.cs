using System.Text;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Pieces of heads as any other end may write them, and as none may.</summary>
internal static class HeadBytes
{
    /// <summary>A number (RFC 7541, section 5.1) of a first byte with so many bits for it, below a mark.</summary>
    public static byte[] Number(byte mark, int bits, ulong number)
    {
        ulong full = (1UL << bits) - 1;
        if (number < full)
        {
            return [(byte)(mark | number)];
        }

        List<byte> bytes = [(byte)(mark | full)];
        for (number -= full; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        return [.. bytes, (byte)number];
    }

    public static byte[] Indexed(ulong index) => Number(0x80, 7, index);

    public static byte[] Resize(ulong size) => Number(0x20, 5, size);

    public static byte[] Text(ReadOnlySpan<byte> text) => [.. Number(0, 7, (ulong)text.Length), .. text];

    public static byte[] Coded(ReadOnlySpan<byte> coded) => [.. Number(0x80, 7, (ulong)coded.Length), .. coded];

    public static byte[] Field(string name, string value) => Field(Ascii(name), Ascii(value), form: 0);

    /// <summary>A field in one of twelve forms: kept, not kept or never kept; each string coded or not.</summary>
    public static byte[] Field(byte[] name, byte[] value, int form)
    {
        byte first = (form % 3) switch { 0 => 0x00, 1 => 0x10, _ => 0x40 };
        return [first, .. Text(name, (form / 3) % 2 == 1), .. Text(value, (form / 6) % 2 == 1)];
    }

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static byte[] Text(byte[] text, bool isCoded) => isCoded ? Coded(DotNetHuffman.Encode(text)) : Text(text);
}
