using System.Net.Sockets;

namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>
/// Peers that mean harm, beside one that does not: the server's memory stays bounded, and the other is served, with the
/// right bytes, while it lasts and afterwards.
/// </summary>
public sealed class HostilePeerTests(ITestOutputHelper output)
{
    // What a collector leaves lying about between two collections is most of what is seen.
    private const long MaxGrowthBytes = 128L << 20;

    // What ConnectionShare lets calls in progress take, for four connections, as messages, as made and as sent.
    private const long MaxWindowGrowthBytes = 3 * MaxGrowthBytes;

    private static readonly string[] s_quick =
        ["--Transport:HeadersTimeout=1s", "--Transport:PingDelay=1s", "--Transport:PingTimeout=1s"];

    private static readonly Dictionary<string, Func<Uri, CancellationToken, Task>> s_attacks =
        new(StringComparer.Ordinal)
        {
            [nameof(Attacks.SlowHeaders)] = Attacks.SlowHeaders,
            [nameof(Attacks.SlowBody)] = Attacks.SlowBody,
            [nameof(Attacks.HalfOpen)] = Attacks.HalfOpen,
            [nameof(Attacks.EndlessHeaders)] = Attacks.EndlessHeaders,
            [nameof(Attacks.HeldHeaders)] = Attacks.HeldHeaders,
            [nameof(Attacks.EmptyContinuations)] = Attacks.EmptyContinuations,
            [nameof(Attacks.PingFlood)] = Attacks.PingFlood,
            [nameof(Attacks.SettingsFlood)] = Attacks.SettingsFlood,
            [nameof(Attacks.StreamFlood)] = Attacks.StreamFlood,
            [nameof(Attacks.RapidReset)] = Attacks.RapidReset,
            [nameof(Attacks.NoWindow)] = Attacks.NoWindow,
            [nameof(Attacks.CompressedStream)] = Attacks.CompressedStream,
            [nameof(DirectAttacks.DirectNoHead)] = DirectAttacks.DirectNoHead,
            [nameof(DirectAttacks.DirectHalfOpen)] = DirectAttacks.DirectHalfOpen,
            [nameof(DirectAttacks.DirectLongHead)] = DirectAttacks.DirectLongHead,
            [nameof(DirectAttacks.DirectPingFlood)] = DirectAttacks.DirectPingFlood,
            [nameof(DirectAttacks.DirectSettingsFlood)] = DirectAttacks.DirectSettingsFlood,
            [nameof(DirectAttacks.DirectEmptyData)] = DirectAttacks.DirectEmptyData,
            [nameof(DirectAttacks.DirectNoWindow)] = DirectAttacks.DirectNoWindow,
            [nameof(DirectAttacks.DirectHeldMessages)] = DirectAttacks.DirectHeldMessages,
            [nameof(DirectAttacks.DirectRapidReset)] = DirectAttacks.DirectRapidReset,
        };

    public static TheoryData<string> Names => [.. s_attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hostile_peer_costs_bounded_memory_and_nobody_elses_service(string attack)
    {
        await using HostileRig rig = await HostileRig.StartAsync(["--Server:Reflection=true", .. s_quick]);

        long growth = await rig.EndureAsync(s_attacks[attack]);

        output.WriteLine($"{attack}: {growth >> 20} MiB");
        bool isOfReplies = attack.EndsWith(nameof(Attacks.NoWindow), StringComparison.Ordinal);
        Assert.InRange(growth, 0, isOfReplies ? MaxWindowGrowthBytes : MaxGrowthBytes);

        // gRPC logs what it finds in streams that it reads itself; of these there is reflection only, off by default.
        Assert.True(
            attack == nameof(Attacks.CompressedStream)
            || !rig.Server.Errors.Contains("   at ", StringComparison.Ordinal),
            rig.Server.Errors);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_those_below_are_served()
    {
        const int Allowed = 20;
        const int Tried = 300;
        await using HostileRig rig = await HostileRig.StartAsync($"--Server:MaxConnections={Allowed}");

        long growth = await rig.EndureAsync(async (server, ct) =>
        {
            List<Socket> sockets = [];
            for (int i = 0; i < Tried; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(server.Host, server.Port, ct);
            }

            // Whoever is served gets an answer, the others hear that it is over.
            int served = 0;
            foreach (Socket socket in sockets)
            {
                served += await TalkAsync(socket, ct);
            }

            Assert.InRange(served, 1, Allowed);

            sockets.ForEach(socket => socket.Dispose());
        });

        Assert.InRange(growth, 0, MaxGrowthBytes);
    }

    // A limit that is set off is missed: these figures can see what they are to see.
    [Fact]
    public async Task Without_the_limit_of_headers_memory_grows_beyond_the_bound()
    {
        await using HostileRig rig = await HostileRig.StartAsync("--Transport:MaxHeaderBytes=1MiB");

        long growth = await rig.EndureAsync(Attacks.HeldHeaders);

        output.WriteLine($"{growth >> 20} MiB");
        Assert.True(growth > MaxGrowthBytes, $"the server grew by {growth >> 20} MiB only");
    }

    [Fact]
    public async Task Without_pings_a_peer_that_is_gone_keeps_its_connection()
    {
        await using HostileRig rig = await HostileRig.StartAsync("--Transport:PingDelay=off");
        await using Http2Peer peer = await Http2Peer.ConnectAsync(rig.Server.Address);
        using CancellationTokenSource soon = new(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => peer.EndsAsync(soon.Token));
    }

    private static async Task<int> TalkAsync(Socket socket, CancellationToken ct)
    {
        try
        {
            await socket.SendAsync(Http2Peer.Preface([]), SocketFlags.None, ct);
            return await socket.ReceiveAsync(new byte[1], SocketFlags.None, ct);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
