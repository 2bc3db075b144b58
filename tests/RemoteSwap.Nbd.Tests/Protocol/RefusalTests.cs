using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>Requests that are refused before any work; each time the stream has to stay in step.</summary>
public sealed class RefusalTests
{
    private const uint Size = TestServer.SizeBytes;

    public static TheoryData<int, ulong, uint, int, uint> Refused => new()
    {
        // Unknown commands and flags.
        { 8, 0, 4096, 0, Err.Inval },
        { 65535, 0, 0, 0, Err.Inval },
        { Cmd.Read, 0, 4096, 0x20, Err.Inval },
        { Cmd.Write, 0, 4096, 0x8000, Err.Inval },

        // Flags of other commands.
        { Cmd.Read, 0, 4096, Cmd.NoHole, Err.Inval },
        { Cmd.Read, 0, 4096, Cmd.FastZero, Err.Inval },
        { Cmd.Write, 0, 4096, Cmd.Df, Err.Inval },
        { Cmd.Trim, 0, 4096, Cmd.NoHole, Err.Inval },
        { Cmd.Flush, 0, 0, Cmd.ReqOne, Err.Inval },
        { Cmd.WriteZeroes, 0, 4096, Cmd.Df, Err.Inval },

        // What was not negotiated.
        { Cmd.Read, 0, 4096, Cmd.Df, Err.Inval },
        { Cmd.BlockStatus, 0, 4096, 0, Err.Inval },

        // Ranges.
        { Cmd.Read, Size, 512, 0, Err.Inval },
        { Cmd.Read, Size - 512, 1024, 0, Err.Inval },
        { Cmd.Read, ulong.MaxValue - 511, 512, 0, Err.Inval },
        { Cmd.Trim, Size - 512, 1024, 0, Err.Inval },
        { Cmd.Cache, Size - 512, 1024, 0, Err.Inval },
        { Cmd.Write, Size - 512, 1024, 0, Err.NoSpc },
        { Cmd.Write, ulong.MaxValue - 511, 512, 0, Err.NoSpc },
        { Cmd.WriteZeroes, Size - 512, 1024, 0, Err.NoSpc },
        { Cmd.WriteZeroes, 0, uint.MaxValue - 511, 0, Err.NoSpc },

        // Lengths.
        { Cmd.Read, 0, 0, 0, Err.Inval },
        { Cmd.Write, 0, 0, 0, Err.Inval },
        { Cmd.Read, 0, (2 << 20) + 512, 0, Err.Inval },
        { Cmd.Write, 0, (2 << 20) + 512, 0, Err.Inval },
        { Cmd.Flush, 512, 0, 0, Err.Inval },
        { Cmd.Flush, 0, 512, 0, Err.Inval },

        // Units.
        { Cmd.Read, 1, 512, 0, Err.Inval },
        { Cmd.Read, 0, 511, 0, Err.Inval },
        { Cmd.Write, 256, 512, 0, Err.Inval },
        { Cmd.Write, 0, 513, 0, Err.Inval },
        { Cmd.WriteZeroes, 1, 1, 0, Err.Inval },
        { Cmd.Trim, 4096, 100, 0, Err.Inval },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused_and_the_next_request_is_served(
        int command, ulong offset, uint length, int flags, uint error)
    {
        await using TestServer server = new(new NbdServerOptions { MaxBlockBytes = 2 << 20 });
        await using WireClient client = await server.GoAsync();

        byte[] payload = command == Cmd.Write ? new byte[length] : [];
        Assert.Equal(error, await client.ErrorOfAsync(command, offset, length, flags, payload));

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 512, dataBytes: 512));
        Assert.Equal(["read 0+512"], server.Device.Calls);
    }

    [Theory]
    [InlineData(Cmd.Write)]
    [InlineData(Cmd.Trim)]
    [InlineData(Cmd.WriteZeroes)]
    public async Task A_read_only_export_takes_no_writes(int command)
    {
        await using TestServer server = new(new NbdServerOptions { ReadOnly = true });
        await using WireClient client = await server.GoAsync();

        byte[] payload = command == Cmd.Write ? new byte[4096] : [];
        Assert.Equal(Err.Perm, await client.ErrorOfAsync(command, 0, 4096, payload: payload));

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 512, Cmd.Fua, dataBytes: 512));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Flush, 0, 0));
    }

    [Fact]
    public async Task A_refused_write_of_the_longest_payload_is_skipped()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();

        Assert.Equal(Err.Inval, await client.ErrorOfAsync(Cmd.Write, 0, 64 << 20, payload: new byte[64 << 20]));

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 512, dataBytes: 512));
    }

    [Fact]
    public async Task A_refused_write_that_is_longer_ends_the_connection()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();
        await client.SendAsync(Cmd.Write, 0, (64 << 20) + 512);

        await client.AssertEndAsync();

        Assert.Contains("too long to skip", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_magic_ends_the_connection()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();
        byte[] request = WireBytes.Request(Cmd.Read, 0, 512);
        request[0] ^= 1;
        await client.SendAsync(request);

        await client.AssertEndAsync();

        await server.AssertHealthyAsync();
    }

    [Theory]
    [InlineData(1, 1u)]
    [InlineData(4096, 4096u)]
    [InlineData(65536, 65536u)]
    public async Task The_unit_is_what_was_advertised(int minBlockBytes, uint unit)
    {
        await using TestServer server = new(new NbdServerOptions
        {
            MinBlockBytes = minBlockBytes,
            PreferredBlockBytes = Math.Max(4096, minBlockBytes),
        });
        await using WireClient client = await server.GoAsync();

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Write, unit, unit, payload: new byte[unit]));
        if (unit > 1)
        {
            Assert.Equal(Err.Inval, await client.ErrorOfAsync(Cmd.Write, unit / 2, unit, payload: new byte[unit]));
        }
    }
}
