using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Simulation.Judge;

/// <summary>A page that says which one it is: its first four bytes are its number.</summary>
internal sealed record PageContent(int Number, ulong Slot, PageLook Look)
{
    private const int NoiseFactor = 1_664_525;

    /// <summary>The number that a page claims to have.</summary>
    public static int NumberOf(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<int>(bytes);

    /// <summary>The page.</summary>
    public byte[] Bytes()
    {
        byte[] bytes = new byte[PageSize.Bytes];
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
        uint state = (uint)Number;
        for (int i = 0; i < words.Length; i++)
        {
            state = unchecked((state * NoiseFactor) + 1_013_904_223);
            words[i] = Look switch
            {
                PageLook.NarrowFill => (uint)Number,
                PageLook.WideFill => i % 2 == 0 ? (uint)Number : ~(uint)Number,
                PageLook.Noise => state,
                _ => i % 8 == 1 ? state : (uint)Slot + 7,
            };
        }

        words[0] = (uint)Number;
        return bytes;
    }
}
