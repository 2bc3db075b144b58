using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>An encoder keeps to the room that it is given, however small, and reads the page only.</summary>
public sealed class EncodeRoomTests
{
    private const int RoomyBytes = 4200;

    public static TheoryData<int> Kinds => [0, 2, 3, 4, 5, 6];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_block_fits_its_room_or_is_not_written(int kind)
    {
        GuardedMemory pages = new(PageSize.Bytes);
        GuardedMemory rooms = new(RoomyBytes);
        byte[] original = TestPages.Create(kind, 5);
        byte[] decoded = new byte[PageSize.Bytes];
        foreach (IBlockCodec codec in BlockFuzzProbe.Codecs)
        {
            int needed = codec.Encode(original, new byte[RoomyBytes]);
            for (int bytes = 0; bytes <= RoomyBytes; bytes += bytes < 64 || bytes > needed - 32 ? 1 : 17)
            {
                foreach (bool atEnd in (bool[])[true, false])
                {
                    ReadOnlySpan<byte> page = pages.Copy(original, atEnd);
                    Span<byte> block = rooms.Take(bytes, atEnd);

                    int written = codec.Encode(page, block);

                    Assert.InRange(written, 0, bytes);
                    Assert.True(written > 0 || bytes < needed, $"{codec.Name} needs more than {bytes} bytes");
                    if (written > 0)
                    {
                        Assert.True(codec.TryDecode(block[..written], decoded));
                        Assert.True(decoded.AsSpan().SequenceEqual(original));
                    }
                }
            }
        }
    }
}
