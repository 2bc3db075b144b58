using CsCheck;

namespace RemoteSwap.Codec.Tests;

/// <summary>Pages as swap has them: empty, same-filled, text, tables of small numbers, noise, and mixtures.</summary>
internal static class TestPages
{
    private static readonly string[] Words =
        ["the ", "frame ", "zpage ", "slot ", "0x7f", "\n", "  return ", "null, ", "(", "{ ", "};\n", "e", "1024 "];

    /// <summary>Pages of every kind.</summary>
    public static Gen<byte[]> Gen { get; } =
        CsCheck.Gen.Select(CsCheck.Gen.Int[0, 6], CsCheck.Gen.Int[0, int.MaxValue], Create);

    /// <summary>A page of one kind.</summary>
    public static byte[] Create(int kind, int seed)
    {
        Random random = new(seed);
        byte[] page = new byte[PageSize.Bytes];
        switch (kind)
        {
            case 0:
                break;
            case 1:
                FillWord(page, random);
                break;
            case 2:
                FillWord(page, random);
                page[random.Next(page.Length)] ^= (byte)random.Next(1, 256);
                break;
            case 3:
                FillText(page, random);
                break;
            case 4:
                FillTable(page, random);
                break;
            case 5:
                random.NextBytes(page);
                break;
            default:
                random.NextBytes(page.AsSpan(0, random.Next(page.Length)));
                break;
        }

        return page;
    }

    private static void FillWord(byte[] page, Random random)
    {
        byte[] word = new byte[sizeof(ulong)];
        random.NextBytes(word);
        for (int i = 0; i < page.Length; i++)
        {
            page[i] = word[i % word.Length];
        }
    }

    private static void FillText(byte[] page, Random random)
    {
        int at = 0;
        while (at < page.Length)
        {
            foreach (char letter in Words[random.Next(Words.Length)].Take(page.Length - at))
            {
                page[at++] = (byte)letter;
            }
        }
    }

    private static void FillTable(byte[] page, Random random)
    {
        for (int i = 0; i < page.Length; i += sizeof(int))
        {
            BitConverter.TryWriteBytes(page.AsSpan(i), random.Next(300));
        }
    }
}
