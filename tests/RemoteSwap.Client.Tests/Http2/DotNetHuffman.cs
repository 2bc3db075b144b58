using System.Reflection;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>
/// The judge: the tables and the decoder of .NET's own HTTP client, which are not public. Written by others, and in
/// use.
/// </summary>
internal static class DotNetHuffman
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type s_type =
        typeof(HttpClient).Assembly.GetType("System.Net.Http.HPack.Huffman", throwOnError: true)!;

    private static readonly DecodeCall s_decode = s_type.GetMethod("Decode", Any)!.CreateDelegate<DecodeCall>();

    private delegate int DecodeCall(ReadOnlySpan<byte> coded, ref byte[] room);

    private delegate ReadOnlySpan<uint> CodesCall();

    private delegate ReadOnlySpan<byte> LengthsCall();

    /// <summary>Codes of the 256 bytes, from the left of 32 bits.</summary>
    public static uint[] Codes { get; } =
        s_type.GetMethod("get_EncodingTableCodes", Any)!.CreateDelegate<CodesCall>()().ToArray();

    /// <summary>Bits of each.</summary>
    public static byte[] Lengths { get; } =
        s_type.GetMethod("get_EncodingTableBitLengths", Any)!.CreateDelegate<LengthsCall>()().ToArray();

    /// <summary>Codes a string.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> text)
    {
        List<byte> coded = [];
        ulong window = 0;
        int bits = 0;
        foreach (byte value in text)
        {
            window = (window << Lengths[value]) | (Codes[value] >> (32 - Lengths[value]));
            bits += Lengths[value];
            for (; bits >= 8; bits -= 8)
            {
                coded.Add((byte)(window >> (bits - 8)));
            }
        }

        if (bits > 0)
        {
            coded.Add((byte)((window << (8 - bits)) | (0xFFu >> bits)));
        }

        return [.. coded];
    }

    /// <summary>Reads a string; null: it is refused.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> coded)
    {
        byte[] room = new byte[(coded.Length * 2) + 8];
        try
        {
            int bytes = s_decode(coded, ref room);
            return room[..bytes];
        }
        catch (Exception refusal) when (refusal.GetType().Name == "HuffmanDecodingException")
        {
            return null;
        }
    }
}
