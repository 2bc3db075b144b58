using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using RemoteSwap.Codec;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>What telemetry costs in garbage: nothing, as long as a request is not traced.</summary>
[Collection(nameof(AloneCollection))]
public sealed class GarbageTests
{
    private const int Calls = 2000;
    private const int Rounds = 3;

    // The runtime may make a little of its own.
    private const long MostBytes = 4096;

    private static readonly byte[] s_context =
        Convert.FromHexString("112233445566778811223344556677881122334455667788" + "00");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACallThatIsNotTracedMakesNone(bool isListenedTo)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using PageStore store = new(
            new StoreOptions { LimitBytes = 8 << 20 },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { [TestServer.TenantA] = new() });
        using ServerMeter meter = new(
            services.GetRequiredService<IMeterFactory>(),
            TenantLabels.Every(TestServer.TenantA),
            new ByteGate(1 << 20),
            traceRatio: 0);
        using PingMemory pings = new(0, hugePages: false);
        using MeterListener measurements = new();
        long measured = 0;
        measurements.InstrumentPublished = (instrument, listener) =>
        {
            if (isListenedTo && instrument.Meter.Name == ServerMeter.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        measurements.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        measurements.Start();
        using ActivityListener? spans =
            isListenedTo ? SpanList.ListenTo(RequestSpans.SourceName, _ => { }) : null;
        Caller caller = Caller.Tenant(TestServer.TenantA);
        CallSet calls = new(store, meter, pings, new AccessPolicy(isOpen: false));
        ReadOnlySequence<byte> message =
            new(Batch.Store([1, 2, 3], [PageKinds.Text(1), PageKinds.Filled(0), PageKinds.Text(2)]).ToByteArray());
        ReadOnlySequence<byte> slots = new(Batch.Load([1, 2, 3, 4]).ToByteArray());
        byte[] room = new byte[4 * ZpageLimits.MaxBytes];
        StoreCall storing = calls.Stores.Rent();
        LoadCall loading = calls.Loads.Rent();
        Run(100);

        // What each call makes shows in each round; what the runtime makes once, in one.
        long made = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(Calls);
            made = Math.Min(made, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(made, 0, MostBytes);
        Assert.Equal(isListenedTo ? 2 * ((Rounds * Calls) + 100) : 0, measured);

        void Run(int times)
        {
            SpanParent parent = new(IsStreamed: true, new ReadOnlySequence<byte>(s_context));
            for (int time = 0; time < times; time++)
            {
                storing.Run(message, caller, parent);
                loading.Read(slots, caller, parent);
                Assert.True(loading.TryLoad(room));
            }
        }
    }
}
