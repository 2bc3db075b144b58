using Grpc.Core;
using RemoteSwap.Client.Evictions;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests.Evictions;

/// <summary>
/// Streams of evictions that break: the next one is opened, and nothing reaches whoever ends the session.
/// </summary>
public sealed class EvictionReceiverTests
{
    private const int Streams = 3;

    [Theory]
    [MemberData(nameof(Breakdowns))]
    public async Task A_stream_that_breaks_is_opened_anew(Exception breakdown)
    {
        string path = Path.Combine(Path.GetTempPath(), $"remoteswap-evictions-{Guid.NewGuid():N}");
        try
        {
            using EvictionFile file = EvictionFile.Open(new EvictionTarget(path, 1 << 20), "tenant", area: 0);
            PageRecord record = new();
            BreakingStreams streams = new(breakdown);
            await using (new EvictionReceiver(
                new EvictionService.EvictionServiceClient(streams),
                "tenant",
                new AreaName("tenant", 0, 1, record),
                new LocalPages(file, 0, record),
                TimeProvider.System,
                CancellationToken.None))
            {
                await streams.Opened.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What a write throws when its connection has ended, by transport and moment.</summary>
    public static TheoryData<Exception> Breakdowns =>
    [
        new IOException("The request was aborted."),
        new RpcException(new Status(StatusCode.Unavailable, "gone")),
        new ObjectDisposedException("call"),
        new OperationCanceledException(),
    ];

    /// <summary>Streams whose first message can not be written.</summary>
    private sealed class BreakingStreams(Exception breakdown) : CallInvoker
    {
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        /// <summary>Ends when enough streams were opened.</summary>
        public Task Opened => _opened.Task;

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options)
        {
            if (Interlocked.Increment(ref _count) == Streams)
            {
                _opened.SetResult();
            }

            return new AsyncDuplexStreamingCall<TRequest, TResponse>(
                new BreakingWriter<TRequest>(breakdown),
                new NoReader<TResponse>(),
                Task.FromResult(new Metadata()),
                () => Status.DefaultSuccess,
                () => [],
                () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();
    }

    private sealed class BreakingWriter<T>(Exception breakdown) : IClientStreamWriter<T>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(T message) => Task.FromException(breakdown);

        public Task CompleteAsync() => Task.CompletedTask;
    }

    private sealed class NoReader<T> : IAsyncStreamReader<T>
    {
        public T Current => throw new InvalidOperationException();

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
