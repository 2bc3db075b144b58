using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>A frame explains itself by its first 64 bytes, at offsets that frame images in files rely on.</summary>
public sealed class FrameHeaderTests
{
    [Fact]
    public void The_header_says_kind_owner_chunks_and_owner_records()
    {
        using PoolRig rig = new();
        ZbudHandle first = rig.Allocate(1, 1984);
        _ = rig.Allocate(2, 65);
        byte[] frame = rig.Arena[rig.FrameOf(first)].ToArray();

        Assert.Equal([1, 1, 31, 2, 30, 0, 0, 0], frame[..8]);
        Assert.Equal(Noise.RecordOf(1), frame.AsSpan(12, 26));
        Assert.Equal(Noise.RecordOf(2), frame.AsSpan(38, 26));
        Assert.Equal(Noise.Of(1, 1984), frame.AsSpan(64, 1984));
        Assert.Equal(Noise.Of(2, 65), frame.AsSpan(4096 - 128, 65));
    }

    [Fact]
    public void A_freed_side_has_no_chunks_in_the_header()
    {
        using PoolRig rig = new();
        ZbudHandle first = rig.Allocate(1, 1984);
        ZbudHandle last = rig.Allocate(2, 65);
        Assert.True(rig.Free(first));

        Assert.Equal([1, 1, 0, 2], rig.Arena[rig.FrameOf(last)][..4].ToArray());
        Assert.True(rig.Holds(last, 2, 65));
    }

    [Fact]
    public void A_headless_header_lies_beside_its_frame()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.AllocateHeadless(1);
        lock (rig.Pool.Gate)
        {
            byte[] header = rig.Pool.Frames.Headers[rig.Pool.Handles.Resolve(handle).Frame].ToArray();
            Assert.Equal([1, 2, 64, 0, 30, 0, 0, 0], header[..8]);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(63, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    [InlineData(1984, 31)]
    [InlineData(1985, 32)]
    [InlineData(3968, 62)]
    public void Bytes_are_rounded_up_to_chunks(int bytes, int chunks)
    {
        Assert.Equal(chunks, Chunks.Of(bytes));
        Assert.Equal(64, Chunks.Offset(Buddy.First, chunks));
        Assert.Equal(4096 - (64 * chunks), Chunks.Offset(Buddy.Last, chunks));
    }
}
