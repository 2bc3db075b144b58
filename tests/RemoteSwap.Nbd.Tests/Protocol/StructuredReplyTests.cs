using System.Buffers.Binary;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

public sealed class StructuredReplyTests
{
    private const int Data = 1;
    private const int Hole = 2;
    private const int Status = 5;

    [Theory]
    [InlineData(0)]
    [InlineData(Cmd.Df)]
    public async Task A_read_is_one_chunk_of_data(int flags)
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true);
        byte[] payload = await WriteAsync(client, 8192, 131_072);

        await client.SendAsync(Cmd.Read, 8192, 131_072, cookie: 9, flags);
        Chunk chunk = Assert.Single(await client.ChunksAsync());

        Assert.Equal((Data, 9ul), (chunk.Type, chunk.Cookie));
        Assert.Equal(8192ul, BinaryPrimitives.ReadUInt64BigEndian(chunk.Data));
        Assert.Equal(payload, chunk.Data[8..]);
    }

    [Fact]
    public async Task A_large_read_of_zeroes_is_a_hole_and_does_not_reach_the_device()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true);

        await client.SendAsync(Cmd.Read, 4096, 1 << 20);
        Chunk chunk = Assert.Single(await client.ChunksAsync());

        Assert.Equal(Hole, chunk.Type);
        Assert.Equal(WireBytes.Join(WireBytes.U64(4096), WireBytes.U32(1 << 20)), chunk.Data);
        Assert.Empty(server.Device.Calls);
    }

    [Fact]
    public async Task With_df_zeroes_are_data()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true);

        await client.SendAsync(Cmd.Read, 0, 65_536, flags: Cmd.Df);

        Assert.Equal(Data, Assert.Single(await client.ChunksAsync()).Type);
    }

    [Theory]
    [InlineData("DHD")]
    [InlineData("HDH")]
    [InlineData("HDHDHHHDDH")]
    [InlineData("DDDDDDDDDDHDDDDDDDD")]
    public async Task A_mixed_read_has_a_chunk_for_each_run(string pages)
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true);
        string all = string.Concat(Enumerable.Repeat(pages, 3)).PadRight(32, 'D');
        byte[] expected = new byte[all.Length * 4096];
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i] == 'D')
            {
                (await WriteAsync(client, i * 4096, 4096)).CopyTo(expected, i * 4096);
            }
        }

        // From the midst of a page on.
        await client.SendAsync(Cmd.Read, 512, (uint)expected.Length - 1024);
        List<Chunk> chunks = await client.ChunksAsync();

        byte[] read = new byte[expected.Length];
        ulong next = 512;
        foreach (Chunk chunk in chunks)
        {
            ulong offset = BinaryPrimitives.ReadUInt64BigEndian(chunk.Data);
            Assert.Equal(next, offset);
            if (chunk.Type == Data)
            {
                chunk.Data.AsSpan(8).CopyTo(read.AsSpan((int)offset));
                next += (ulong)chunk.Data.Length - 8;
            }
            else
            {
                Assert.Equal(Hole, chunk.Type);
                next += BinaryPrimitives.ReadUInt32BigEndian(chunk.Data.AsSpan(8));
            }
        }

        Assert.Equal((ulong)expected.Length - 512, next);
        Assert.Equal(expected[512..^512], read[512..^512]);
        Assert.Contains(chunks, chunk => chunk.Type == Hole);
    }

    [Fact]
    public async Task A_read_of_very_many_runs_has_a_bounded_number_of_chunks_and_the_right_bytes()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true);
        const int Pages = 400;
        byte[] expected = new byte[Pages * 4096];
        for (int i = 1; i < Pages; i += 2)
        {
            (await WriteAsync(client, i * 4096, 4096)).CopyTo(expected, i * 4096);
        }

        await client.SendAsync(Cmd.Read, 0, Pages * 4096);
        List<Chunk> chunks = await client.ChunksAsync();

        byte[] read = new byte[expected.Length];
        foreach (Chunk chunk in chunks.Where(chunk => chunk.Type == Data))
        {
            chunk.Data.AsSpan(8).CopyTo(read.AsSpan((int)BinaryPrimitives.ReadUInt64BigEndian(chunk.Data)));
        }

        Assert.InRange(chunks.Count, 2, 65);
        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task Errors_carry_the_devices_words()
    {
        await using TestServer server = new();
        server.Device.Before = (_, _) => new ValueTask<NbdResult>(
            new NbdResult(NbdError.InputOutput, "page 3 is lost" + new string('.', 600)));
        await using WireClient client = await server.GoAsync(isStructured: true);

        await client.SendAsync(Cmd.Read, 0, 4096);
        (uint error, string text) = await client.StructuredErrorAsync();

        Assert.Equal(Err.Io, error);
        Assert.StartsWith("page 3 is lost...", text, StringComparison.Ordinal);
        Assert.Equal(512, text.Length);
        await client.SendAsync(Cmd.Read, TestServer.SizeBytes, 4096);
        Assert.Equal(Err.Inval, (await client.StructuredErrorAsync()).Error);
        await client.SendAsync(Cmd.Flush, 0, 0);
        Assert.Equal(Err.Io, (await client.StructuredErrorAsync()).Error);
    }

    [Fact]
    public async Task What_has_no_content_is_answered_simply()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true);

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Flush, 0, 0));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Trim, 0, 4096));
    }

    [Fact]
    public async Task Block_status_tells_extents()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true, hasContext: true);
        await WriteAsync(client, 8192, 4096);

        await client.SendAsync(Cmd.BlockStatus, 512, 1 << 20, cookie: 3);
        Chunk chunk = Assert.Single(await client.ChunksAsync());

        Assert.Equal(Status, chunk.Type);
        Assert.Equal(
            WireBytes.Join(
                WireBytes.U32(1), WireBytes.U32(7680), WireBytes.U32(3), WireBytes.U32(4096), WireBytes.U32(0),
                WireBytes.U32((1 << 20) - 11_776), WireBytes.U32(3)),
            chunk.Data);
    }

    [Fact]
    public async Task Block_status_with_req_one_tells_one_extent()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync(isStructured: true, hasContext: true);
        await WriteAsync(client, 8192, 4096);

        await client.SendAsync(Cmd.BlockStatus, 4096, 1 << 20, flags: Cmd.ReqOne | Cmd.Fua);

        Assert.Equal(
            WireBytes.Join(WireBytes.U32(1), WireBytes.U32(4096), WireBytes.U32(3)),
            Assert.Single(await client.ChunksAsync()).Data);
        await client.SendAsync(Cmd.BlockStatus, TestServer.SizeBytes - 512, 1024);
        Assert.Equal(Err.Inval, (await client.StructuredErrorAsync()).Error);
    }

    [Fact]
    public async Task Very_many_extents_are_told_in_parts()
    {
        await using TestServer server = new(sizeBytes: 32 << 20);
        await using WireClient client = await server.GoAsync(isStructured: true, hasContext: true);
        for (int i = 1; i < 5000; i += 2)
        {
            await WriteAsync(client, i * 4096, 512);
        }

        await client.SendAsync(Cmd.BlockStatus, 0, 5000 * 4096);
        Chunk chunk = Assert.Single(await client.ChunksAsync());

        Assert.Equal(4 + (2048 * 8), chunk.Data.Length);
    }

    private static async Task<byte[]> WriteAsync(WireClient client, int offset, int length)
    {
        byte[] payload = new byte[length];
        new Random(offset + 1).NextBytes(payload);
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Write, (ulong)offset, (uint)length, payload: payload));
        return payload;
    }
}
