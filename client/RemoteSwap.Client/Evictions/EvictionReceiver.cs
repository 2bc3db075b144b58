using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using RemoteSwap.Client.Messages;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Evictions;

/// <summary>
/// Takes the pages of an area that its server wants to forget, for as long as the session lives: (1) opens the stream,
/// (2) gives credit for as many pages as there are places, (3) writes what comes, and (4) acknowledges it. A stream
/// that breaks is opened anew, with the epoch of that moment.
/// <para>
/// Bounds: the server's window of pages; a tenth of a second to five between two streams.
/// </para>
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "The source has no timer; ending may come late.")]
internal sealed class EvictionReceiver : IAsyncDisposable
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    // How often it is looked whether places have become free, while there were too few for the whole window.
    private readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _closed;
    private readonly EvictionService.EvictionServiceClient _client;
    private readonly string _tenant;
    private readonly AreaName _name;
    private readonly LocalPages _local;
    private readonly TimeProvider _time;
    private readonly Task _running;
    private int _outstanding;
    private long? _failed;

    /// <summary>Begins to take pages.</summary>
    /// <param name="client">What opens streams.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="local">Where they go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="fenced">Cancelled when somebody else owns the area.</param>
    public EvictionReceiver(
        EvictionService.EvictionServiceClient client,
        string tenant,
        AreaName name,
        LocalPages local,
        TimeProvider time,
        CancellationToken fenced)
    {
        _client = client;
        _tenant = tenant;
        _name = name;
        _local = local;
        _time = time;
        _closed = CancellationTokenSource.CreateLinkedTokenSource(fenced);
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        TimeSpan pause = s_shortest;
        while (!_closed.IsCancellationRequested)
        {
            bool hasWorked = false;
            try
            {
                hasWorked = await TakeAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (
                failure is RpcException or OperationCanceledException or IOException or InvalidOperationException)
            {
                // The server is away, or the stream is over: what was not acknowledged stays there. A write that is
                // under way when its connection ends fails as the transport's.
            }

            pause = hasWorked ? s_shortest : TimeSpan.FromTicks(Math.Min(s_longest.Ticks, pause.Ticks * 2));
            await Task.Delay(pause, _time, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Whether the stream was good for something.
    private async Task<bool> TakeAsync()
    {
        // (1)
        using AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> call =
            _client.Evictions(cancellationToken: _closed.Token);
        EvictionsBegin begin = new() { Tenant = _tenant, Area = _name.Area, AttachEpoch = _name.Epoch };
        await call.RequestStream.WriteAsync(new EvictionsRequest { Begin = begin }).ConfigureAwait(false);
        _outstanding = 0;
        int window = 0;
        while (await MoveNextAsync(call, window).ConfigureAwait(false))
        {
            EvictionsResponse response = call.ResponseStream.Current;
            switch (response.MessageCase)
            {
                case EvictionsResponse.MessageOneofCase.Welcome:
                    window = (int)response.Welcome.MaxPages;
                    break;
                case EvictionsResponse.MessageOneofCase.Pages:
                    await AcknowledgeAsync(call.RequestStream, response.Pages).ConfigureAwait(false);
                    break;
                default:
                    return window > 0;
            }

            await GiveCreditAsync(call.RequestStream, window).ConfigureAwait(false);
        }

        return window > 0;
    }

    private async Task<bool> MoveNextAsync(
        AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> call, int window)
    {
        Task<bool> next = call.ResponseStream.MoveNext(_closed.Token);
        while (!next.IsCompleted && window > 0 && _outstanding < window)
        {
            await Task.WhenAny(next, Task.Delay(_look, _time, _closed.Token)).ConfigureAwait(false);
            if (!next.IsCompleted)
            {
                await GiveCreditAsync(call.RequestStream, window).ConfigureAwait(false);
            }
        }

        return await next.ConfigureAwait(false);
    }

    // (2)
    private async Task GiveCreditAsync(IClientStreamWriter<EvictionsRequest> requests, int window)
    {
        // A disk that has failed is left alone for a while.
        bool mayTake = _failed is not { } since || _time.GetElapsedTime(since) > s_longest;
        int more = (int)Math.Min(window, _local.FreePlaces) - _outstanding;
        if (more > 0 && mayTake)
        {
            _failed = null;
            _outstanding += more;
            EvictionsCredit credit = new() { Pages = (uint)more };
            await requests.WriteAsync(new EvictionsRequest { Credit = credit }).ConfigureAwait(false);
        }
    }

    // (3), (4)
    private async Task AcknowledgeAsync(IClientStreamWriter<EvictionsRequest> requests, EvictedPages pages)
    {
        RequireShape(pages);
        EvictionsAcknowledgement answer = new();
        int start = 0;
        for (int i = 0; i < pages.Slots.Count; i++)
        {
            int size = (int)pages.Sizes[i];
            ImageHeader header = new(
                _name.Area,
                pages.Slots[i],
                pages.Generations[i],
                OutcomeTable.Of(pages.Encodings[i]),
                size,
                pages.ZpageChecksums[i],
                pages.PageChecksums[i]);
            TakeOutcome outcome = await _local
                .TakeAsync(header, pages.Zpages.Memory.Slice(start, size), _closed.Token)
                .ConfigureAwait(false);
            start += size;
            _failed = outcome == TakeOutcome.Refused ? _time.GetTimestamp() : _failed;
            answer.Slots.Add(pages.Slots[i]);
            answer.Generations.Add(pages.Generations[i]);
            answer.Outcomes.Add((EvictionOutcome)outcome);
        }

        _outstanding -= pages.Slots.Count;
        await requests.WriteAsync(new EvictionsRequest { Acknowledgement = answer }).ConfigureAwait(false);
    }

    private static void RequireShape(EvictedPages pages)
    {
        int count = pages.Slots.Count;
        bool isWhole = pages.Generations.Count == count && pages.Sizes.Count == count
            && pages.Encodings.Count == count && pages.ZpageChecksums.Count == count
            && pages.PageChecksums.Count == count
            && pages.Sizes.All(static size => size is > 0 and <= ZpageLimits.MaxBytes)
            && pages.Sizes.Sum(static size => size) == pages.Zpages.Length;
        if (!isWhole)
        {
            throw new InvalidOperationException("evicted pages whose columns do not agree");
        }
    }
}
