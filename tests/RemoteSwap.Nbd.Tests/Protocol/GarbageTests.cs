using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>What no client says: cut handshakes and random bytes. The server has to go on serving others.</summary>
public sealed class GarbageTests(ITestOutputHelper output)
{
    private const string SeedVariable = "TESTS_SEED";

    [Fact]
    public async Task Every_cut_handshake_leaves_the_server_healthy()
    {
        await using TestServer server = new(new NbdServerOptions { MaxConnections = 4 });
        byte[] session = Session();
        for (int length = 0; length <= session.Length; length++)
        {
            await using WireClient client = await server.ConnectAsync();
            await client.SendAsync(session[..length]);
            client.EndSending();
            await client.AssertEndAsync();
        }

        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "all have gone");
        await server.AssertHealthyAsync();
        Assert.Contains("write 0+512", server.Device.Calls);
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_session_leaves_the_server_healthy()
    {
        await using TestServer server = new();
        byte[] session = Session();
        for (int i = 0; i < session.Length - 512; i++)
        {
            byte[] flipped = [.. session];
            flipped[i] ^= (byte)(1 << (i % 8));
            await using WireClient client = await server.ConnectAsync();
            await client.TrySendAsync(flipped);
            client.EndSending();
            await client.AssertEndAsync();
        }

        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "all have gone");
        await server.AssertHealthyAsync();
    }

    [Fact]
    public async Task Random_bytes_leave_the_server_healthy()
    {
        int seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given
            ? int.Parse(given)
            : Random.Shared.Next();
        output.WriteLine($"{SeedVariable}={seed}");
        Random random = new(seed);
        await using TestServer server = new();
        for (int round = 0; round < 200; round++)
        {
            await using WireClient client =
                round % 2 == 0 ? await server.ConnectAsync() : await server.GoAsync(isStructured: true);
            if (round % 4 == 0)
            {
                await client.GreetAsync();
            }

            byte[] bytes = new byte[random.Next(1, 4096)];
            random.NextBytes(bytes);
            for (int i = 0; i + 28 < bytes.Length && random.Next(8) > 0; i += 28)
            {
                // A request that is one at first sight, so that the deeper checks are met.
                WireBytes.Request(random.Next(10), (ulong)random.Next(1 << 25), (uint)random.Next(1 << 18),
                    flags: random.Next(64)).CopyTo(bytes, i);
            }

            await client.TrySendAsync(bytes);
            client.EndSending();
            await client.AssertEndAsync();
        }

        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "all have gone");
        await server.AssertHealthyAsync();
    }

    // A handshake with every option that goes on, and a write.
    private static byte[] Session() => WireBytes.Join(
        WireBytes.U32(3),
        WireBytes.Option(8, []),
        WireBytes.Option(3, []),
        WireBytes.Option(9, WireBytes.Contexts("", "base:")),
        WireBytes.Option(10, WireBytes.Contexts("", "base:allocation")),
        WireBytes.Option(6, WireBytes.Info("", 3)),
        WireBytes.Option(7, WireBytes.Info("", 1, 3)),
        WireBytes.Request(Cmd.BlockStatus, 0, 4096),
        WireBytes.Request(Cmd.Write, 0, 512),
        new byte[512],
        WireBytes.Request(Cmd.Disconnect, 0, 0));
}
