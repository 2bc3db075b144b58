using System.Collections.Concurrent;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Grants every attach unless told, and says of every resume what the test says.</summary>
internal sealed class FakeAreas : AreaService.AreaServiceBase
{
    private int _resumes;

    /// <summary>The incarnation that sessions begin with.</summary>
    public ulong Incarnation { get; set; } = 1;

    /// <summary>What a resume ends with.</summary>
    public Func<AttachResponse> Resuming { get; set; } =
        () => throw new RpcException(new Status(StatusCode.Unavailable, "not now"));

    /// <summary>What an attach that is no resume ends with.</summary>
    public V1.AttachOutcome Attaching { get; set; } = V1.AttachOutcome.Attached;

    /// <summary>The pages that an area holds when it is attached.</summary>
    public ListPagesResponse Listed { get; set; } = new();

    /// <summary>What was detached.</summary>
    public ConcurrentQueue<DetachRequest> Detached { get; } = [];

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
            Outcome = Attaching,
            AttachEpoch = 1,
            Incarnation = Incarnation,
            LeaseMs = 600_000,
            AbandonedMs = 3_600_000,
            AreaSlots = 1 << 20,
        });
    }

    public override Task<ListPagesResponse> ListPages(ListPagesRequest request, ServerCallContext context) =>
        Task.FromResult(Listed);

    public override Task<DetachResponse> Detach(DetachRequest request, ServerCallContext context)
    {
        Detached.Enqueue(request);
        return Task.FromResult(new DetachResponse());
    }

    public override Task<KeepAliveResponse> KeepAlive(KeepAliveRequest request, ServerCallContext context) =>
        Task.FromResult(new KeepAliveResponse { Incarnation = Incarnation });
}
