using System.Threading.Channels;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>One stream in the hands of a test: it says what is read and what is written, right or wrong.</summary>
internal sealed class FakeStream(
    IAsyncStreamReader<ExchangeRequest> requests,
    IServerStreamWriter<ExchangeResponse> replies,
    ServerCallContext context,
    FakeExchange exchange)
{
    private readonly TaskCompletionSource _end = new();
    private readonly Channel<ExchangeRequest> _arrived = Channel.CreateUnbounded<ExchangeRequest>();

    /// <summary>Requests that have arrived and were not read by the test.</summary>
    public int Unread => _arrived.Reader.Count;

    /// <summary>Runs until the test ends it or the client goes.</summary>
    public async Task RunAsync()
    {
        using CancellationTokenSource stop =
            CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        Task reading = ReadAllAsync(stop.Token);
        await Task.WhenAny(_end.Task, Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken));

        // The web server uses a stream's objects again: a read that was left under way would spoil the next stream.
        await stop.CancelAsync();
        await reading;
        if (_end.Task.IsCompleted)
        {
            await _end.Task;
        }
    }

    /// <summary>Sends the welcome.</summary>
    public Task WelcomeAsync() => WriteAsync(new ExchangeResponse { Welcome = exchange.Welcome });

    /// <summary>Reads the next request, as soon as it has come.</summary>
    /// <exception cref="ChannelClosedException">The client sends none any more.</exception>
    public async Task<ExchangeRequest> ReadAsync() => await _arrived.Reader.ReadAsync();

    /// <summary>Waits until the client sends nothing any more, or has gone.</summary>
    public Task FinishedAsync() => _arrived.Reader.Completion;

    /// <summary>Sends a message.</summary>
    public Task WriteAsync(ExchangeResponse message) => replies.WriteAsync(message, context.CancellationToken);

    /// <summary>Carries a request out as it should be, without telling.</summary>
    public Task<ExchangeResponse> CarryOutAsync(ExchangeRequest request) => exchange.CarryOutAsync(request, context);

    /// <summary>Carries a request out as it should be, and answers.</summary>
    public async Task AnswerAsync(ExchangeRequest request) => await WriteAsync(await CarryOutAsync(request));

    /// <summary>Answers all requests from now on.</summary>
    public async Task ServeAsync()
    {
        while (await _arrived.Reader.WaitToReadAsync())
        {
            await AnswerAsync(await ReadAsync());
        }
    }

    /// <summary>Ends the stream without a failure.</summary>
    public void End() => _end.TrySetResult();

    /// <summary>Ends the stream with a failure.</summary>
    public void Fail(StatusCode status) => _end.TrySetException(new RpcException(new Status(status, "by hand")));

    private async Task ReadAllAsync(CancellationToken stop)
    {
        try
        {
            while (await requests.MoveNext(stop))
            {
                _arrived.Writer.TryWrite(requests.Current);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The client has gone, which is what some tests want of it.
        }

        _arrived.Writer.TryComplete();
    }
}
