using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RemoteSwap.Codec;

/// <summary>
/// Finds the first of many blocks that does not decode to exactly one page: the verdicts of
/// <see cref="Lz4BlockFormat"/>, for less time a block.
/// <para>
/// Where a sequence begins is known only when the one before it was read, so a walk through one block waits for memory
/// and for mispredicted lengths most of the time. Here three blocks are walked at once, a sequence of each in turn, and
/// lengths are looked up and masked instead of branched on. Three is what fits the registers.
/// </para>
/// <para>
/// What it is not: a second opinion. A lane takes only sequences that it can prove harmless; at any other (the last one
/// of a block, a length of several bytes, a fault) it stops before the sequence, and <see cref="Lz4BlockFormat"/> walks
/// the rest of the block and judges.
/// </para>
/// <para>
/// Why nothing outside a block is read: at a sequence's begin a lane reads two bytes. Behind the literals it goes on
/// only if eight bytes are left (<see cref="BytesAfterLiterals"/>), of which it reads three and passes at most three;
/// so five are left where the next sequence begins. A block's first sequence has <see cref="MinBlockBytes"/>.
/// </para>
/// </summary>
internal static unsafe class Lz4BlockBatch
{
    private const int Lanes = 3;

    // Offset, token and last literals: the least that follows the literals of any sequence but the last.
    private const int BytesAfterLiterals = 8;
    private const int MinBlockBytes = 2;

    // The last places where a match may begin and end.
    private const uint MaxMatchStart = PageSize.Bytes - 12;
    private const uint MaxMatchEnd = PageSize.Bytes - 5;

    // A lookup for every token. It is kept until the process ends.
    private static readonly Lz4TokenRow* s_rows = Lz4TokenRow.CreateTable();

    /// <summary>The index of the first malformed block; the number of zpages if there is none.</summary>
    /// <param name="encodings">Zpages of other encodings than LZ4 are passed over.</param>
    /// <param name="sizes">Bytes of each zpage.</param>
    /// <param name="zpages">All zpages, back to back.</param>
    /// <exception cref="ArgumentException">The sizes are not those of the zpages.</exception>
    public static int FirstMalformed(
        ReadOnlySpan<ZpageEncoding> encodings, ReadOnlySpan<int> sizes, ReadOnlySpan<byte> zpages)
    {
        int first = sizes.Length;
        int running = 0;
        int next = 0;
        int offset = 0;
        Lane* lanes = stackalloc Lane[Lanes];
        fixed (byte* start = zpages)
        {
            for (; next < sizes.Length; next++)
            {
                ReadOnlySpan<byte> zpage = zpages.Slice(offset, sizes[next]);
                if (encodings[next] == ZpageEncoding.Lz4)
                {
                    Lane lane = new(start + offset, zpage.Length, next);
                    if (zpage.Length < MinBlockBytes)
                    {
                        first = Judge(in lane, first);
                    }
                    else if (running < Lanes)
                    {
                        lanes[running++] = lane;
                    }
                    else
                    {
                        int stopped = Walk(lanes);
                        first = Judge(in lanes[stopped], first);
                        lanes[stopped] = lane;
                    }
                }

                offset += zpage.Length;
            }

            if (running == Lanes)
            {
                Walk(lanes);
            }

            // What is left is less than two blocks on the average.
            for (int lane = 0; lane < running; lane++)
            {
                first = Judge(in lanes[lane], first);
            }
        }

        return first;
    }

    // Walks until one lane meets a sequence that it does not take; tells which.
    [SkipLocalsInit]
    private static int Walk(Lane* lanes)
    {
        Lz4TokenRow* rows = s_rows;
        byte* at0 = lanes[0].At;
        byte* last0 = lanes[0].End - BytesAfterLiterals;
        uint ahead0 = lanes[0].Produced - (uint)at0;
        byte* at1 = lanes[1].At;
        byte* last1 = lanes[1].End - BytesAfterLiterals;
        uint ahead1 = lanes[1].Produced - (uint)at1;
        byte* at2 = lanes[2].At;
        byte* last2 = lanes[2].End - BytesAfterLiterals;
        uint ahead2 = lanes[2].Produced - (uint)at2;

        int stopped;
        while (true)
        {
            if (!TryStep(ref at0, ref ahead0, last0, rows))
            {
                stopped = 0;
                break;
            }

            if (!TryStep(ref at1, ref ahead1, last1, rows))
            {
                stopped = 1;
                break;
            }

            if (!TryStep(ref at2, ref ahead2, last2, rows))
            {
                stopped = 2;
                break;
            }
        }

        lanes[0].Stop(at0, ahead0 + (uint)at0);
        lanes[1].Stop(at1, ahead1 + (uint)at1);
        lanes[2].Stop(at2, ahead2 + (uint)at2);
        return stopped;
    }

    // Takes one sequence, or none. Bytes produced are kept as the distance that they are ahead of the bytes read, so
    // that literals, which add to both, change nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryStep(ref byte* at, ref uint ahead, byte* last, Lz4TokenRow* rows)
    {
        byte* read = at;
        Lz4TokenRow* row = rows + *read;
        nuint moreLiterals = read[1] & row->LiteralsMask;
        read += row->ToOffset;
        read += moreLiterals;
        if (read > last)
        {
            return false;
        }

        uint produced = ahead + (uint)read + (uint)row->LiteralsMask - 1;
        uint moreMatch = read[sizeof(ushort)] & row->MatchMask;
        uint matchOffset = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(read, sizeof(ushort)));
        if (matchOffset - 1 >= produced || produced > MaxMatchStart || (uint)moreLiterals + moreMatch >= byte.MaxValue)
        {
            return false;
        }

        at = read + row->ToNextToken;
        ahead += row->Ahead;
        ahead += moreMatch;
        return true;
    }

    private static int Judge(in Lane lane, int first) => lane.DecodesToOnePage() ? first : Math.Min(first, lane.Index);

    private struct Lane(byte* block, int bytes, int index)
    {
        private readonly byte* _block = block;

        // Where the next sequence begins, and what those before it produced.
        public byte* At { get; private set; } = block;

        public uint Produced { get; private set; }

        public readonly byte* End { get; } = block + bytes;

        public readonly int Index { get; } = index;

        public void Stop(byte* at, uint produced)
        {
            At = at;
            Produced = produced;
        }

        public readonly bool DecodesToOnePage() =>
            Produced <= MaxMatchEnd
            && Lz4BlockFormat.DecodesToOnePage(
                new ReadOnlySpan<byte>(_block, (int)(End - _block)), (int)(At - _block), (int)Produced);
    }
}
