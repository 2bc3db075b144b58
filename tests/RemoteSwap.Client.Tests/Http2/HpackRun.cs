using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>What holds for any head and any coded string, judged by .NET's own code. A violation throws.</summary>
internal static class HpackRun
{
    private const int MostFields = 8;
    private const int MostBytes = 80;

    /// <summary>Tries the heads that are known to be bad or good, and random ones of a seed.</summary>
    public static void Check(int seed, int rounds)
    {
        foreach ((string reason, byte[] block) in BadHeads.All)
        {
            Require(FieldList.Read(block) is null, $"taken: {reason}");
        }

        foreach ((string reason, byte[] block) in BadHeads.AllButBad)
        {
            Require(FieldList.Read(block) is not null, $"refused: {reason}");
        }

        Random random = new(seed);
        for (int round = 0; round < rounds; round++)
        {
            CheckCoded(Coded(random));
            CheckHead(random);
        }
    }

    /// <summary>A coded string is read as the judge reads it, whatever room there is, or refused as by it.</summary>
    public static void CheckCoded(byte[] coded)
    {
        byte[]? expected = DotNetHuffman.Decode(coded);
        byte[] room = new byte[coded.Length * 2];
        bool isRead = HuffmanCode.TryDecode(coded, room, out int bytes);
        string hex = Convert.ToHexString(coded);
        Require(isRead == expected is not null, $"{hex} is {(isRead ? "taken" : "refused")}");
        if (expected is null)
        {
            return;
        }

        Require(room.AsSpan(0, bytes).SequenceEqual(expected), $"{hex} is read wrongly");
        Require(HuffmanCode.TryDecode(coded, room.AsSpan(0, bytes), out _), $"{hex} does not fit into its length");
        Require(
            bytes == 0 || !HuffmanCode.TryDecode(coded, room.AsSpan(0, bytes - 1), out _),
            $"{hex} fits into less than its length");
    }

    /// <summary>
    /// A head is read as it was written, what is cut from its end is refused or leaves its first fields, and what is
    /// changed in it throws nothing.
    /// </summary>
    private static void CheckHead(Random random)
    {
        List<string> lines = [];
        List<byte> block = [.. Enumerable.Repeat((byte)0x20, random.Next(3))];
        for (int field = random.Next(MostFields); field >= 0; field--)
        {
            byte[] name = Bytes(random, 1 + random.Next(MostBytes));
            byte[] value = Bytes(random, random.Next(MostBytes));
            block.AddRange(HeadBytes.Field(name, value, random.Next(12)));
            lines.Add(FieldList.Line(name, value));
        }

        byte[] bytes = [.. block];
        List<string>? whole = FieldList.Read(bytes);
        Require(whole is not null && whole.SequenceEqual(lines), "a head is not read as it was written");
        for (int length = 0; length < bytes.Length; length++)
        {
            FieldList cut = new();
            HeaderDecoder.TryRead(bytes.AsSpan(0, length), ref cut);
            Require(cut.Fields.SequenceEqual(lines.Take(cut.Fields.Count)), "a cut head has other fields");
        }

        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        FieldList.Read(bytes);
    }

    // Right ones, those that are changed a little at their end or anywhere, and mere bytes.
    private static byte[] Coded(Random random)
    {
        byte[] coded = DotNetHuffman.Encode(Bytes(random, random.Next(1, MostBytes)));
        switch (random.Next(5))
        {
            case 0:
                coded[random.Next(coded.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                coded[^1] ^= (byte)(1 << random.Next(4));
                break;
            case 2:
                coded = [.. coded, .. Enumerable.Repeat((byte)0xFF, random.Next(5))];
                break;
            case 3:
                coded = Bytes(random, random.Next(12));
                break;
            default:
                break;
        }

        return coded;
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            foreach (ref byte value in bytes.AsSpan())
            {
                value = (byte)(0x20 + (value % 0x60));
            }
        }

        return bytes;
    }

    private static void Require(bool holds, string violation)
    {
        if (!holds)
        {
            throw new InvalidOperationException(violation);
        }
    }
}
