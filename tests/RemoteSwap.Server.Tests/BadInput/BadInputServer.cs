namespace RemoteSwap.Server.Tests.BadInput;

/// <summary>One server for all bad calls, with pages that none of them may touch.</summary>
public sealed class BadInputServer : IAsyncLifetime
{
    private TestServer? _server;

    internal TestServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        await _server.Pages.StoreAsync(Batch.Store(BadInputTests.KeptSlots, BadInputTests.KeptPages, generation: 5));
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
