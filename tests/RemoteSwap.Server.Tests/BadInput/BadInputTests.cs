using Google.Rpc;
using Grpc.Core;
using RemoteSwap.V1;
using GrpcStatus = Grpc.Core.StatusCode;

namespace RemoteSwap.Server.Tests.BadInput;

/// <summary>
/// Everything that a peer can get wrong: the call is refused with a status, names field and value, and changes nothing.
/// </summary>
public sealed class BadInputTests : IClassFixture<BadInputServer>
{
    /// <summary>Slots that hold pages of generation 5 before and after every bad call.</summary>
    internal static readonly ulong[] KeptSlots = [10, 11, 12];

    internal static readonly byte[][] KeptPages = [PageKinds.Text(1), PageKinds.Noise(2), PageKinds.Filled(3)];

    private static readonly Dictionary<string, BadCall> s_calls =
        BadStores.All.Concat(BadCalls.All).ToDictionary(call => call.Name, StringComparer.Ordinal);

    private readonly TestServer _server;

    public BadInputTests(BadInputServer fixture) => _server = fixture.Server;

    public static TheoryData<string> Names => [.. s_calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task IsRefusedByNameAndChangesNothing(string name)
    {
        BadCall bad = s_calls[name];
        ListTenantsResponse before = await FiguresAsync();

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => bad.CallAsync(_server));

        Assert.Equal(before, await FiguresAsync());
        Assert.Equal(bad.Code, refusal.StatusCode);
        Assert.StartsWith($"{bad.Field}: ", refusal.Status.Detail);
        Assert.Contains(bad.Value, refusal.Status.Detail);

        Google.Rpc.Status? status = refusal.GetRpcStatus();
        Assert.NotNull(status);
        Assert.Equal((int)bad.Code, status.Code);
        BadRequest? detail = status.GetDetail<BadRequest>();
        Assert.NotNull(detail);
        BadRequest.Types.FieldViolation violation = Assert.Single(detail.FieldViolations);
        Assert.Equal(bad.Field, violation.Field);
        Assert.Contains(bad.Value, violation.Description);
        Assert.Equal("remoteswap.v1", status.GetDetail<ErrorInfo>()?.Domain);

        await _server.AssertHoldsAsync(KeptSlots, KeptPages);
        await _server.AssertSoundAsync();
    }

    [Fact]
    public async Task MessageOverTheLimitIsRefusedAndChangesNothing()
    {
        StoreRequest request = Batch.Store(KeptSlots, KeptPages, generation: 9);
        request.Zpages = Google.Protobuf.ByteString.CopyFrom(new byte[4 << 20]);
        ListTenantsResponse before = await FiguresAsync();

        RpcException refusal =
            await Assert.ThrowsAsync<RpcException>(() => _server.Pages.StoreAsync(request).ResponseAsync);

        Assert.Equal(GrpcStatus.ResourceExhausted, refusal.StatusCode);
        Assert.Equal(
            $"message: has {request.CalculateSize()} bytes; at most 4194304 are allowed", refusal.Status.Detail);
        Assert.Equal("message", refusal.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations.Single().Field);
        Assert.Equal(before, await FiguresAsync());
        await _server.AssertHoldsAsync(KeptSlots, KeptPages);
    }

    [Fact]
    public async Task LargestBatchFitsIntoAMessage()
    {
        ulong[] slots = [.. Batch.Slots(512).Select(slot => (1UL << 28) - 512 + slot)];
        byte[][] pages = [.. Enumerable.Range(0, 512).Select(PageKinds.Noise)];
        StoreRequest request = Batch.Store(slots, pages, generation: RemoteSwap.Store.Generation.MaxValue);

        StoreResponse response = await _server.Pages.StoreAsync(request);

        Assert.All(response.Outcomes, outcome => Assert.Equal(StoreOutcome.Stored, outcome));
        await _server.AssertHoldsAsync(slots, pages);
    }

    [Fact]
    public async Task RightBlockThatIsNextToTheWrongOnesIsTaken()
    {
        byte[] block = BadStores.MatchBlock(246);
        StoreResponse response = await _server.Pages.StoreAsync(Batch.StoreZpage(90, V1.Encoding.Lz4, block));
        Assert.Equal([StoreOutcome.Stored], response.Outcomes);

        LoadResponse loaded = await _server.Pages.LoadAsync(Batch.Load([90]));
        Assert.Equal(block, loaded.Zpages.ToByteArray());
    }

    // The server's resident memory and processor time change by themselves; what is stored must not.
    private async Task<ListTenantsResponse> FiguresAsync()
    {
        ListTenantsResponse figures = await _server.Admin.ListTenantsAsync(new ListTenantsRequest());
        figures.Server = new ServerStatistics
        {
            UsedBytes = figures.Server.UsedBytes,
            LimitBytes = figures.Server.LimitBytes,
            SpillUsedBytes = figures.Server.SpillUsedBytes,
            ReachedLimit = figures.Server.ReachedLimit,
        };
        return figures;
    }
}
