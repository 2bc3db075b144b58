using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Grants every attach, and says of every resume what the test says.</summary>
internal sealed class FakeAreas : AreaService.AreaServiceBase
{
    private int _resumes;

    /// <summary>The incarnation that sessions begin with.</summary>
    public ulong Incarnation { get; set; } = 1;

    /// <summary>What a resume ends with.</summary>
    public Func<AttachResponse> Resuming { get; set; } =
        () => throw new RpcException(new Status(StatusCode.Unavailable, "not now"));

    /// <summary>How often somebody has tried to resume.</summary>
    public int Resumes => Volatile.Read(ref _resumes);

    public override Task<AttachResponse> Attach(AttachRequest request, ServerCallContext context)
    {
        if (request.Mode == V1.AttachMode.Resume)
        {
            Interlocked.Increment(ref _resumes);
            return Task.FromResult(Resuming());
        }

        return Task.FromResult(new AttachResponse
        {
            Outcome = V1.AttachOutcome.Attached,
            AttachEpoch = 1,
            Incarnation = Incarnation,
            LeaseMs = 600_000,
            AbandonedMs = 3_600_000,
            AreaSlots = 1 << 20,
        });
    }

    public override Task<ListPagesResponse> ListPages(ListPagesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListPagesResponse());

    public override Task<KeepAliveResponse> KeepAlive(KeepAliveRequest request, ServerCallContext context) =>
        Task.FromResult(new KeepAliveResponse { Incarnation = Incarnation });
}
