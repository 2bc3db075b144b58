using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Grpc.Exchange;

/// <summary>
/// A stream's loads whose spilled pages are being read beside it, and those that have been and are not answered yet.
/// How many there may be is the stream's to see to.
/// <para>The stream's task alone calls it; the reads come back over a channel.</para>
/// </summary>
/// <param name="figures">Counts them.</param>
internal sealed class SpilledReads(StreamFigures figures)
{
    private readonly Channel<(LoadCall Call, Task Read)> _finished = Channel.CreateUnbounded<(LoadCall, Task)>();

    /// <summary>Loads that were begun and not taken.</summary>
    public int Count { get; private set; }

    /// <summary>Begins to read what a load found spilled.</summary>
    public void Begin(LoadCall call)
    {
        Add(1);
        _ = ReadAsync(call);
    }

    /// <summary>Waits for one that has been read.</summary>
    public Task<bool> WaitAsync(CancellationToken cancellation) =>
        _finished.Reader.WaitToReadAsync(cancellation).AsTask();

    /// <summary>Takes one that has been read, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out LoadCall? call)
    {
        bool isThere = _finished.Reader.TryRead(out (LoadCall Call, Task Read) finished);
        call = isThere ? Take(finished) : null;
        return isThere;
    }

    /// <summary>Waits for one that has been read, and takes it.</summary>
    public async ValueTask<LoadCall> TakeAsync(CancellationToken cancellation) =>
        Take(await _finished.Reader.ReadAsync(cancellation));

    /// <summary>Waits until all have been read; nobody will answer them.</summary>
    public async ValueTask EndAsync()
    {
        while (Count > 0)
        {
            (LoadCall call, _) = await _finished.Reader.ReadAsync(CancellationToken.None);
            call.EndShare();
            Add(-1);
        }
    }

    private LoadCall Take((LoadCall Call, Task Read) finished)
    {
        Add(-1);
        finished.Call.EndShare();
        finished.Read.GetAwaiter().GetResult();
        return finished.Call;
    }

    private async Task ReadAsync(LoadCall call)
    {
        Task read = call.ReadSpilledAsync().AsTask();
        await read.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _finished.Writer.TryWrite((call, read));
    }

    private void Add(int change)
    {
        Count += change;
        figures.AddInFlight(change);
    }
}
