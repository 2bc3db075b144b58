using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>An attach that comes to nothing leaves no key ring behind.</summary>
public sealed class RefusedSealTests : IDisposable
{
    private readonly SealFolder _folder = new();

    private string Path => KeyRing.PathOf(_folder.Options, "vm7", 1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_attach_leaves_the_ring_as_it_was(bool hasRing)
    {
        if (hasRing)
        {
            _folder.Ring("vm7", 1).Dispose();
        }

        await using FakeServer server = await FakeServer.StartAsync();
        server.Areas.Attaching = V1.AttachOutcome.Held;
        await using RemoteSwapConnection connection = Connect(server);

        AttachReply reply = await connection.AttachAsync(1, new AttachOptions());

        Assert.Null(reply.Area);
        Assert.Equal(hasRing, File.Exists(Path));
    }

    [Fact]
    public async Task An_attach_that_fails_leaves_none()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server);

        // A folder is no eviction file.
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await connection.AttachAsync(
            1, new AttachOptions { EvictTo = new EvictionTarget(_folder.File("."), 1 << 20) }));

        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task Pages_that_are_there_keep_waiting_for_their_ring()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        server.Areas.Listed = new ListPagesResponse { Slots = { 3 }, Generations = { 7 }, HasChecksum = { false } };
        server.Areas.Listed.PageChecksums.Add(0);
        await using RemoteSwapConnection connection = Connect(server);

        SealKeyException refusal = await Assert.ThrowsAsync<SealKeyException>(
            async () => await connection.AttachAsync(1, new AttachOptions()));

        Assert.Contains("there is no key ring", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
        Assert.True(Assert.Single(server.Areas.Detached).KeepPages);

        AttachReply empty = await connection.AttachAsync(1, new AttachOptions { DiscardsPages = true });
        Assert.NotNull(empty.Area);
        Assert.True(File.Exists(Path));
        await empty.Area.DisposeAsync();
    }

    private RemoteSwapConnection Connect(FakeServer server) => RemoteSwapConnection.Open(new RemoteSwapClientOptions
    {
        Address = server.Address,
        Tenant = "vm7",
        Streams = 1,
        Seal = _folder.Options,
    });
}
