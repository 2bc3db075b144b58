namespace RemoteSwap.Telemetry.Tests.Traces;

/// <summary>
/// A server and a device as processes that send every trace to a receiver, and a client of the device.
/// </summary>
internal sealed class TracedDevice : IAsyncDisposable
{
    private readonly OtlpReceiver _receiver;
    private readonly ServerProcess _server;
    private readonly DeviceProcess _device;

    private TracedDevice(OtlpReceiver receiver, ServerProcess server, DeviceProcess device)
    {
        _receiver = receiver;
        _server = server;
        _device = device;
        Nbd = device.Connect();
    }

    public PlainNbd Nbd { get; }

    public ReceivedTelemetry Received => _receiver.Received;

    public static async Task<TracedDevice> StartAsync(TempFolder folder, params string[] settings)
    {
        OtlpReceiver receiver = await OtlpReceiver.StartAsync(keepsTraces: true);
        ServerProcess? server = null;
        try
        {
            server = await ServerProcess.StartAsync(receiver.Environment, settings);
            DeviceProcess device =
                await DeviceProcess.StartAsync(server.Of("default"), folder.Root, receiver.Environment);
            return new TracedDevice(receiver, server, device);
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            await receiver.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Nbd.Dispose();
        await _device.DisposeAsync();
        await _server.DisposeAsync();
        await _receiver.DisposeAsync();
    }
}
