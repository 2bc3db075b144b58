using System.Net.Sockets;
using Grpc.Core;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Client;
using RemoteSwap.Device;
using RemoteSwap.LoadGen.Telemetry;
using RemoteSwap.Nbd;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>
/// The parts of the product whose instruments are in docs/METRICS.md. Another part is added by one line: its title, its
/// meters, and something that makes it measure.
/// </summary>
internal static class ReferenceSources
{
    public static IReadOnlyList<ReferenceSource> All { get; } =
    [
        new("Server", [ServerMeter.MeterName, StoreMeter.MeterName], RunServerAsync),
        new("Client library", [ClientTelemetry.MeterName], RunClientAsync),
        new("NBD device", [NbdTelemetry.MeterName], RunDeviceAsync),
        new("Load generator", [LoadGenMeter.Name], RunLoadGenAsync),
    ];

    /// <summary>Has a server do a bit of everything.</summary>
    public static async Task UseAsync(TestServer server)
    {
        ulong[] slots = Batch.Slots(8);
        await server.Pages.StoreAsync(Batch.Store(slots, [.. slots.Select(slot => PageKinds.Any((int)slot))]));
        await server.Pages.ReclaimAsync(
            new ReclaimRequest { Tenant = TestServer.TenantA, TargetFrames = 100, Retries = 8 });
        await server.Pages.LoadAsync(Batch.Load(slots));
        await server.Pages.InvalidateAsync(Batch.Invalidate(slots));
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream = server.Pages.Exchange();
        await stream.RequestStream.CompleteAsync();
    }

    private static async Task RunServerAsync(Action observe)
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("8MiB"));
        await UseAsync(server);
        observe();
    }

    private static async Task RunClientAsync(Action observe)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server);
        await connection.Area(0).StoreAsync(1, new byte[4096]);
        observe();
    }

    private static async Task RunDeviceAsync(Action observe)
    {
        const int Page = 4096;
        await using TestServer server = await TestServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server);
        SwapDevice device = new(connection.Area(0), 16 * Page, isEmpty: true);
        string socket = Path.Combine(Path.GetTempPath(), $"remoteswap-reference-{Guid.NewGuid():N}.sock");
        await using NbdServer nbd = new(device, new NbdServerOptions());
        nbd.Listen(new UnixDomainSocketEndPoint(socket));
        using (PlainNbd client = PlainNbd.Connect(socket))
        {
            client.WriteAt(0, new byte[Page]);
            client.ReadAt(0, Page);
            observe();
        }

        File.Delete(socket);
    }

    private static Task RunLoadGenAsync(Action observe)
    {
        LoadGenMeter.Shared.Ended("store", "answered", TimeSpan.FromMilliseconds(1));
        observe();
        return Task.CompletedTask;
    }

    private static RemoteSwapConnection Connect(TestServer server) => RemoteSwapConnection.Open(
        new RemoteSwapClientOptions { Address = server.Server.GrpcAddress, Tenant = TestServer.TenantA });
}
