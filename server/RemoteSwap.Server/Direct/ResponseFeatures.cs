using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// A response as ASP.NET sees it: its head until it starts, its body, its trailers until it ends.
/// <para>
/// The call alone uses it, but for <see cref="CompleteAsync"/>, with which gRPC ends a call whose time is up: that
/// sends what is flushed and the trailers, and touches nothing that the call may have in its hands.
/// </para>
/// </summary>
internal sealed class ResponseFeatures : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature
{
    private readonly PipeWriter _pipe;
    private readonly ResponsePump _pump;
    private readonly Func<int, IHeaderDictionary, byte[]> _writeHead;
    private readonly List<(Func<object, Task> Callback, object State)> _starting = [];
    private readonly List<(Func<object, Task> Callback, object State)> _completed = [];
    private int _starts;
    private int _ends;

    /// <summary>Begins a response.</summary>
    /// <param name="pipe">Takes its body.</param>
    /// <param name="pump">Sends it.</param>
    /// <param name="writeHead">Writes its head.</param>
    public ResponseFeatures(PipeWriter pipe, ResponsePump pump, Func<int, IHeaderDictionary, byte[]> writeHead)
    {
        _pipe = pipe;
        _pump = pump;
        _writeHead = writeHead;
        Writer = new ResponseBody(pipe, pump) { Start = StartAsync };
        Stream = Writer.AsStream();
        Body = Stream;
    }

    /// <inheritdoc/>
    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    /// <inheritdoc/>
    public string? ReasonPhrase { get; set; }

    /// <inheritdoc/>
    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    /// <inheritdoc/>
    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <inheritdoc/>
    public Stream Body { get; set; }

    /// <inheritdoc/>
    public bool HasStarted => Volatile.Read(ref _starts) > 0;

    /// <inheritdoc/>
    public Stream Stream { get; }

    /// <inheritdoc/>
    public PipeWriter Writer { get; }

    /// <summary>The pump at work.</summary>
    public required Task Sent { get; init; }

    /// <inheritdoc/>
    public void OnStarting(Func<object, Task> callback, object state)
    {
        if (HasStarted)
        {
            throw new InvalidOperationException("the response has started");
        }

        _starting.Add((callback, state));
    }

    /// <inheritdoc/>
    public void OnCompleted(Func<object, Task> callback, object state) => _completed.Add((callback, state));

    /// <inheritdoc/>
    public void DisableBuffering()
    {
        // There is none beyond the pipe.
    }

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("a gRPC listener serves no files");

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => StartAsync(isAll: false);

    /// <inheritdoc/>
    public async Task CompleteAsync()
    {
        if (Interlocked.Exchange(ref _ends, 1) == 0)
        {
            byte[] trailers = [];
            if (Trailers.Count > 0)
            {
                trailers = ResponseHead.WriteTrailers(Trailers);
            }

            await StartAsync(isAll: trailers.Length == 0 && Writer.UnflushedBytes == 0);
            _pump.End(trailers);
        }

        await Sent;
    }

    /// <summary>Ends the response behind its call.</summary>
    /// <exception cref="InvalidOperationException">It can not be written.</exception>
    public async Task EndAsync()
    {
        if (Volatile.Read(ref _ends) == 0 && Writer.UnflushedBytes > 0)
        {
            await Writer.FlushAsync();
        }

        await CompleteAsync();
    }

    /// <summary>Ends a call that has failed before its response started.</summary>
    public async Task EndFailedAsync(int status)
    {
        StatusCode = status;
        ReasonPhrase = null;
        _starting.Clear();
        Headers.Clear();
        Trailers.Clear();
        await CompleteAsync();
    }

    /// <summary>
    /// Gives the pipe back, and tells who wanted to know of the end.
    /// </summary>
    /// <returns>What they threw.</returns>
    public async Task<List<Exception>> FinishAsync()
    {
        _pipe.Complete();
        List<Exception> failures = [];
        for (int index = _completed.Count - 1; index >= 0; index--)
        {
            Task told = TellAsync(_completed[index]);
            await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            failures.AddRange(told.Exception?.InnerExceptions ?? []);
        }

        return failures;
    }

    private static async Task TellAsync((Func<object, Task> Callback, object State) told) =>
        await told.Callback(told.State);

    private async Task StartAsync(bool isAll)
    {
        if (Interlocked.Exchange(ref _starts, 1) > 0)
        {
            return;
        }

        for (int index = _starting.Count - 1; index >= 0; index--)
        {
            await TellAsync(_starting[index]);
        }

        if (isAll)
        {
            Headers.ContentLength ??= 0;
        }

        _pump.Start(_writeHead(StatusCode, Headers), isAll);
    }
}
