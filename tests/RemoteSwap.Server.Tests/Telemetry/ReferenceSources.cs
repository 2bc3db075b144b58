using Grpc.Core;
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
}
