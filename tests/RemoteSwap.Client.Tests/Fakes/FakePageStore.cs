using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>
/// A page store that does what the wire contract says with a dictionary, remembers every request, and, where a test
/// says so, fails, waits or lies.
/// </summary>
internal sealed class FakePageStore : PageStoreService.PageStoreServiceBase
{
    // Guards _pages and _seen.
    private readonly Lock _lock = new();
    private readonly Dictionary<(uint Area, ulong Slot), StoredPage> _pages = [];
    private readonly Dictionary<(uint Area, ulong Slot), ulong> _seen = [];

    public FakePageStore() => Exchanges = new FakeExchange(this);

    /// <summary>The streams.</summary>
    public FakeExchange Exchanges { get; }

    /// <summary>Whether the server knows of streams.</summary>
    public bool HasStreams { get; set; } = true;

    /// <summary>All requests, also those that were then refused.</summary>
    public ConcurrentQueue<IMessage> Requests { get; } = new();

    /// <summary>The deadline of every call.</summary>
    public ConcurrentQueue<DateTime> Deadlines { get; } = new();

    /// <summary>Runs before a request is carried out; may throw or wait.</summary>
    public Func<IMessage, ServerCallContext, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>
    /// Runs when a request has been carried out and before its reply is sent; may throw, or change the reply.
    /// </summary>
    public Func<IMessage, IMessage, Task> After { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The requests of one kind.</summary>
    public T[] RequestsOf<T>() => Requests.OfType<T>().ToArray();

    /// <summary>Lets the replies of one kind lie.</summary>
    public void Lie<T>(Action<T> lie) => After = (_, reply) =>
    {
        if (reply is T message)
        {
            lie(message);
        }

        return Task.CompletedTask;
    };

    /// <summary>A page, as kept.</summary>
    public StoredPage? Find(uint area, ulong slot)
    {
        lock (_lock)
        {
            return _pages.GetValueOrDefault((area, slot));
        }
    }

    public override Task<StoreResponse> Store(StoreRequest request, ServerCallContext context) =>
        RunAsync(request, context, Store);

    public override Task<LoadResponse> Load(LoadRequest request, ServerCallContext context) =>
        RunAsync(request, context, Load);

    public override Task<InvalidateResponse> Invalidate(InvalidateRequest request, ServerCallContext context) =>
        RunAsync(request, context, Invalidate);

    public override Task<InvalidateAreaResponse> InvalidateArea(
        InvalidateAreaRequest request,
        ServerCallContext context) => RunAsync(request, context, InvalidateArea);

    public override Task<ReclaimResponse> Reclaim(ReclaimRequest request, ServerCallContext context) =>
        RunAsync(request, context, r => new ReclaimResponse
        {
            Outcome = V1.ReclaimOutcome.TryAgain,
            FramesFreed = r.TargetFrames - 1,
            PagesWrittenBack = 5,
            Detail = "because",
        });

    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context) =>
        RunAsync(request, context, r =>
        {
            PingResponse reply = new() { Zpages = ByteString.CopyFrom(new byte[r.ReplyPages * r.ReplyPageBytes]) };
            reply.Sizes.AddRange(Enumerable.Repeat(r.ReplyPageBytes, (int)r.ReplyPages));
            return reply;
        });

    public override Task Exchange(
        IAsyncStreamReader<ExchangeRequest> requestStream,
        IServerStreamWriter<ExchangeResponse> responseStream,
        ServerCallContext context) => HasStreams
            ? Exchanges.RunAsync(requestStream, responseStream, context)
            : base.Exchange(requestStream, responseStream, context);

    private async Task<TReply> RunAsync<TRequest, TReply>(
        TRequest request,
        ServerCallContext context,
        Func<TRequest, TReply> carryOut)
        where TRequest : IMessage
        where TReply : IMessage
    {
        Requests.Enqueue(request);
        Deadlines.Enqueue(context.Deadline);
        await Before(request, context);
        TReply reply;
        lock (_lock)
        {
            reply = carryOut(request);
        }

        await After(request, reply);
        return reply;
    }

    private StoreResponse Store(StoreRequest request)
    {
        StoreResponse reply = new();
        int offset = 0;
        for (int i = 0; i < request.Slots.Count; i++)
        {
            int size = (int)request.Sizes[i];
            byte[] zpage = request.Zpages.Span.Slice(offset, size).ToArray();
            offset += size;
            StoredPage page = new(
                request.Generations[i],
                request.Encodings[i],
                zpage,
                request.ZpageChecksums[i],
                request.PageChecksums[i]);
            (uint, ulong) place = (request.Area, request.Slots[i]);
            if (page.Generation < _seen.GetValueOrDefault(place))
            {
                reply.Outcomes.Add(V1.StoreOutcome.Stale);
                continue;
            }

            _seen[place] = page.Generation;
            _pages[place] = page;
            reply.Outcomes.Add(page.Encoding == V1.Encoding.Fill ? V1.StoreOutcome.SameFilled : V1.StoreOutcome.Stored);
        }

        return reply;
    }

    private LoadResponse Load(LoadRequest request)
    {
        LoadResponse reply = new();
        using MemoryStream zpages = new();
        foreach (ulong slot in request.Slots)
        {
            StoredPage? page = _pages.GetValueOrDefault((request.Area, slot));
            reply.Outcomes.Add(page is null ? V1.LoadOutcome.NotFound : V1.LoadOutcome.Loaded);
            reply.Generations.Add(page?.Generation ?? 0);
            reply.Sizes.Add((uint)(page?.Zpage.Length ?? 0));
            reply.Encodings.Add(page?.Encoding ?? V1.Encoding.Unspecified);
            reply.ZpageChecksums.Add(page?.ZpageChecksum ?? 0);
            reply.PageChecksums.Add(page?.PageChecksum ?? 0);
            zpages.Write(page?.Zpage ?? []);
        }

        reply.Zpages = ByteString.CopyFrom(zpages.ToArray());
        return reply;
    }

    private InvalidateResponse Invalidate(InvalidateRequest request)
    {
        InvalidateResponse reply = new();
        for (int i = 0; i < request.Slots.Count; i++)
        {
            (uint, ulong) place = (request.Area, request.Slots[i]);
            ulong generation = request.Generations[i];
            if (!_pages.TryGetValue(place, out StoredPage? page))
            {
                reply.Outcomes.Add(V1.InvalidateOutcome.NotFound);
            }
            else if (request.AcknowledgeLoad ? page.Generation != generation : page.Generation > generation)
            {
                reply.Outcomes.Add(V1.InvalidateOutcome.Stale);
            }
            else
            {
                _pages.Remove(place);
                reply.Outcomes.Add(V1.InvalidateOutcome.Invalidated);
            }
        }

        foreach (SlotRange range in request.Ranges)
        {
            reply.RangePages += Remove((place, page) => place.Area == request.Area
                && place.Slot >= range.First
                && place.Slot - range.First < range.Count
                && page.Generation <= request.RangesGeneration);
        }

        return reply;
    }

    private InvalidateAreaResponse InvalidateArea(InvalidateAreaRequest request) =>
        new() { Pages = Remove((place, _) => place.Area == request.Area) };

    private ulong Remove(Func<(uint Area, ulong Slot), StoredPage, bool> which)
    {
        ulong removed = 0;
        foreach ((uint, ulong) place in _pages.Where(p => which(p.Key, p.Value)).Select(p => p.Key).ToArray())
        {
            _pages.Remove(place);
            removed++;
        }

        return removed;
    }
}
