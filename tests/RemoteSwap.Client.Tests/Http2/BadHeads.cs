using RemoteSwap.Wire.Http2;
using static RemoteSwap.Client.Tests.Http2.HeadBytes;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Heads that must be refused, each for one reason, beside the nearest that must not.</summary>
internal static class BadHeads
{
    private const ulong Wrapped = 1UL << 32;
    private const int Most = HeaderDecoder.MostListBytes - HeaderDecoder.FieldBytes;

    /// <summary>Why, and the bytes.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["index 0"] = Indexed(0),
        ["an index of the dynamic table"] = Indexed(62),
        ["an index far above"] = Indexed(1 << 20),
        ["a name of the dynamic table, kept"] = [.. Number(0x40, 6, 62), .. Text("v"u8)],
        ["a name of the dynamic table, not kept"] = [.. Number(0, 4, 62), .. Text("v"u8)],
        ["a name of the dynamic table, never kept"] = [.. Number(0x10, 4, 62), .. Text("v"u8)],
        ["a field refers to the one before"] = [.. Field(Ascii("a"), Ascii("b"), form: 2), .. Indexed(62)],
        ["an index that is 2 in 32 bits"] = Indexed(Wrapped + 2),
        ["an index of more than 28 bits"] = Indexed((1 << 28) + 1),
        ["an index in six parts more"] = Hex("ff 80 80 80 80 80 00"),
        ["an index in parts without an end"] = Hex("ff 80 80 80 80 80 80 80 80 80 80 80"),
        ["an index that is cut"] = Hex("ff"),
        ["an index that is cut in its parts"] = Hex("ff 80 80"),
        ["a length in six parts more"] = [0, .. Text("a"u8), 0x7F, .. Hex("80 80 80 80 80 00"), .. new byte[127]],
        ["a length that is 1 in 32 bits"] = [0, .. Text("a"u8), .. Number(0, 7, Wrapped + 1), 1],
        ["a length that is cut"] = [0, .. Text("a"u8), 0x7F],
        ["no name"] = [0],
        ["a name that is cut"] = [0, 2, (byte)'a'],
        ["no value"] = [0, 1, (byte)'a'],
        ["a value that is cut"] = [0, 1, (byte)'a', 2, (byte)'b'],
        ["a coded value that is cut"] = [0, 1, (byte)'a', 0x82, 0x64],
        ["an empty name"] = Field("", "v"),
        ["an empty name, coded"] = [0, 0x80, .. Text("v"u8)],
        ["a table of 1 byte"] = Resize(1),
        ["a table of the usual size"] = Resize(4096),
        ["a table of 0 bytes in 32 bits"] = Resize(Wrapped),
        ["a table's size behind a field"] = [.. Indexed(2), .. Resize(0)],
        ["a table's size behind a size and a field"] = [.. Resize(0), .. Indexed(2), .. Resize(0)],
        ["a table's size between fields"] = [.. Indexed(2), .. Resize(0), .. Indexed(2)],
        ["a second table's size"] = [.. Resize(0), .. Resize(4096), .. Indexed(2)],
        ["filled with zeros"] = [0, .. Text("a"u8), .. Coded(Hex("640e 80"))],
        ["filled with ones and a zero"] = [0, .. Text("a"u8), .. Coded(Hex("640e fe"))],
        ["filled with eight ones"] = [0, .. Text("a"u8), .. Coded(Hex("6402 ff"))],
        ["filled only"] = [0, .. Text("a"u8), .. Coded(Hex("ff"))],
        ["the end of a string"] = [0, .. Text("a"u8), .. Coded(Hex("ffff ffff"))],
        ["the end of a string within"] = [0, .. Text("a"u8), .. Coded(Hex("07ff ffff ff"))],
        ["bad code in a name"] = [0, .. Coded(Hex("640e 80")), .. Text("v"u8)],
        ["a name that is too long"] = Field(new string('a', Most + 1), ""),
        ["a name of more than all may have"] = Field(new string('a', HeaderDecoder.MostListBytes + 1), ""),
        ["a coded name that is too long"] = Field(Ascii(new string('a', Most + 1)), [], form: 3),
        ["a value that is too long"] = Field("a", new string('b', Most)),
        ["a coded value that is too long"] = Field(Ascii("a"), Ascii(new string('b', Most)), form: 6),
        ["a value of a known name that is too long"] = [.. Number(0, 4, 21), .. Text(new byte[Most - 2])],
        ["too many fields"] = [.. Enumerable.Repeat(Field("ab", "cd"), 456).SelectMany(bytes => bytes)],
        ["too many fields of a byte each"] = [.. Enumerable.Repeat((byte)0x82, 391)],
    };

    /// <summary>What is right about them, and the bytes.</summary>
    public static IReadOnlyDictionary<string, byte[]> AllButBad { get; } = new Dictionary<string, byte[]>
    {
        ["nothing at all"] = [],
        ["the last index"] = Indexed(61),
        ["the last name"] = [.. Number(0x40, 6, 61), .. Text("v"u8)],
        ["a length in five parts more"] = [0, .. Text("a"u8), 0x7F, .. Hex("80 80 80 80 00"), .. new byte[127]],
        ["an empty value"] = Field("a", ""),
        ["an empty value, coded"] = [0, .. Text("a"u8), 0x80],
        ["a table of no bytes"] = Resize(0),
        ["a table of no bytes, said twice"] = [.. Resize(0), .. Resize(0), .. Indexed(2)],
        ["filled with seven ones"] = [0, .. Text("a"u8), .. Coded(Hex("640e ff"))],
        ["the longest name"] = Field(new string('a', Most), ""),
        ["the longest coded name"] = Field(Ascii(new string('a', Most)), [], form: 3),
        ["the longest value"] = Field("a", new string('b', Most - 1)),
        ["the longest coded value"] = Field(Ascii("a"), Ascii(new string('b', Most - 1)), form: 6),
        ["the longest value of a known name"] = [.. Number(0, 4, 21), .. Text(new byte[Most - 3])],
        ["as many fields as may be"] = [.. Enumerable.Repeat(Field("ab", "cd"), 455).SelectMany(bytes => bytes)],
        ["as many fields of a byte each as may be"] = [.. Enumerable.Repeat((byte)0x82, 390)],
    };
}
