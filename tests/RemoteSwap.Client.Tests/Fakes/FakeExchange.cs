using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>
/// The Exchange stream made of generated code only: proof that generated code stays usable on the other end. Requests
/// are begun in the order in which they came and run side by side; what a test makes wait is overtaken by the others.
/// Where the store is unavailable the stream ends so, as that of a server does that goes down.
/// </summary>
internal sealed class FakeExchange(FakePageStore store)
{
    private static readonly TimeSpan s_mostWait = TimeSpan.FromSeconds(30);

    private int _streams;
    private Channel<FakeStream>? _byHand;

    /// <summary>The window that the welcome announces.</summary>
    public ExchangeWelcome Welcome { get; set; } = new() { MaxRequests = 32, MaxBytes = 16 << 20 };

    /// <summary>All requests with the number of their stream, in the order in which they came.</summary>
    public ConcurrentQueue<(int Stream, ExchangeRequest Request)> Requests { get; } = new();

    /// <summary>Streams opened.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>
    /// The most requests, and the most bytes of them, that were unanswered at one time on one stream.
    /// </summary>
    public int MostUnanswered { get; private set; }

    /// <inheritdoc cref="MostUnanswered"/>
    public long MostUnansweredBytes { get; private set; }

    /// <summary>From now on streams are in the hands of the test.</summary>
    public void ByHand() => _byHand ??= Channel.CreateUnbounded<FakeStream>();

    /// <summary>Takes the next stream that is opened; fails where none is, instead of waiting for ever.</summary>
    public Task<FakeStream> TakeAsync(CancellationToken ct = default) =>
        _byHand!.Reader.ReadAsync(ct).AsTask().WaitAsync(s_mostWait, CancellationToken.None);

    /// <summary>Runs when a stream is opened, before the welcome; may throw or wait.</summary>
    public Func<int, Task> Opened { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs when a request has come, on the reader of the stream; an exception ends the stream.</summary>
    public Func<int, ExchangeRequest, Task> Arrived { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before a reply is written; may change it, or write others.</summary>
    public Func<ExchangeResponse, IServerStreamWriter<ExchangeResponse>, Task> Replying { get; set; } =
        (_, _) => Task.CompletedTask;

    /// <summary>What a store that obeys the contract answers.</summary>
    public async Task<ExchangeResponse> CarryOutAsync(ExchangeRequest request, ServerCallContext context)
    {
        ExchangeResponse reply = new() { RequestId = request.RequestId };
        await CarryOutAsync(request, reply, context);
        return reply;
    }

    public async Task RunAsync(
        IAsyncStreamReader<ExchangeRequest> requests,
        IServerStreamWriter<ExchangeResponse> replies,
        ServerCallContext context)
    {
        int stream = Interlocked.Increment(ref _streams);
        if (_byHand is { } byHand)
        {
            FakeStream taken = new(requests, replies, context, this);
            byHand.Writer.TryWrite(taken);
            await taken.RunAsync();
            return;
        }

        await Opened(stream);
        await replies.WriteAsync(new ExchangeResponse { Welcome = Welcome });
        SemaphoreSlim writing = new(1);
        ConcurrentDictionary<ulong, long> unanswered = new();
        List<Task> running = [];
        TaskCompletionSource broken = new();
        using CancellationTokenSource stop =
            CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        while (await MoveNextAsync())
        {
            ExchangeRequest request = requests.Current;
            Requests.Enqueue((stream, request));
            Assert.True(unanswered.TryAdd(request.RequestId, CostOf(request)), "a number that is in use");
            lock (store)
            {
                MostUnanswered = Math.Max(MostUnanswered, unanswered.Count);
                MostUnansweredBytes = Math.Max(MostUnansweredBytes, unanswered.Values.Sum());
            }

            await Arrived(stream, request);
            running.Add(AnswerOrBreakAsync());

            async Task AnswerOrBreakAsync()
            {
                try
                {
                    await AnswerAsync(request, unanswered, writing, replies, context);
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
                {
                    broken.TrySetException(failure);
                }
            }
        }

        await Task.WhenAll(running);

        async Task<bool> MoveNextAsync()
        {
            Task<bool> read = requests.MoveNext(stop.Token);
            if (await Task.WhenAny(read, broken.Task) == broken.Task)
            {
                // The web server uses a stream's objects again: a read that was left under way would spoil the next.
                await stop.CancelAsync();
                await Task.WhenAny(read);
                await broken.Task;
            }

            return await read;
        }
    }

    private static long CostOf(ExchangeRequest request)
    {
        long pages = request.OperationCase switch
        {
            ExchangeRequest.OperationOneofCase.Load => request.Load.Slots.Count,
            ExchangeRequest.OperationOneofCase.Ping => request.Ping.ReplyPages,
            _ => 0,
        };
        return request.CalculateSize() + (pages * 4096);
    }

    private async Task AnswerAsync(
        ExchangeRequest request,
        ConcurrentDictionary<ulong, long> unanswered,
        SemaphoreSlim writing,
        IServerStreamWriter<ExchangeResponse> replies,
        ServerCallContext context)
    {
        ExchangeResponse reply = new();
        try
        {
            await CarryOutAsync(request, reply, context);
        }
        catch (RpcException failure) when (failure.StatusCode != StatusCode.Unavailable)
        {
            reply.Failure = new ExchangeFailure
            {
                Code = (int)failure.StatusCode,
                Message = failure.Status.Detail,
            };
        }

        reply.RequestId = request.RequestId;
        await writing.WaitAsync(context.CancellationToken);
        try
        {
            await Replying(reply, replies);
            unanswered.TryRemove(request.RequestId, out _);
            await replies.WriteAsync(reply);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task CarryOutAsync(ExchangeRequest request, ExchangeResponse reply, ServerCallContext context)
    {
        switch (request.OperationCase)
        {
            case ExchangeRequest.OperationOneofCase.Store:
                reply.Store = await store.Store(request.Store, context);
                break;
            case ExchangeRequest.OperationOneofCase.Load:
                reply.Load = await store.Load(request.Load, context);
                break;
            case ExchangeRequest.OperationOneofCase.Invalidate:
                reply.Invalidate = await store.Invalidate(request.Invalidate, context);
                break;
            case ExchangeRequest.OperationOneofCase.Ping:
                reply.Ping = await store.Ping(request.Ping, context);
                break;
            default:
                throw new RpcException(new Status(StatusCode.InvalidArgument, "operation is missing"));
        }
    }
}
