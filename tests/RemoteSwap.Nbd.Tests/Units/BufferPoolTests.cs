using RemoteSwap.Nbd.Transmission;

namespace RemoteSwap.Nbd.Tests.Units;

public sealed class BufferPoolTests
{
    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(2 << 20, 2 << 20)]
    public void A_buffer_is_used_again(int length, int bytes)
    {
        BufferPool pool = new();
        byte[] buffer = pool.Rent(length);
        Assert.Equal(BufferPool.Headroom + bytes, buffer.Length);
        pool.Return(buffer);

        Assert.Equal(bytes, pool.KeptBytes);
        Assert.Same(buffer, pool.Rent(bytes));
        Assert.Equal(0, pool.KeptBytes);
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        BufferPool pool = new();
        byte[][] buffers = [.. Enumerable.Range(0, 40).Select(_ => pool.Rent(1 << 20))];
        Array.ForEach(buffers, pool.Return);
        Assert.Equal(BufferPool.MaxKeptBytes, pool.KeptBytes);

        pool.Return(pool.Rent((2 << 20) + 1));
        Assert.Equal(BufferPool.MaxKeptBytes, pool.KeptBytes);
    }
}
