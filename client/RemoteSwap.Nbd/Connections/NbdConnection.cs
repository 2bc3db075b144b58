using System.Net.Sockets;
using System.Security.Authentication;
using RemoteSwap.Nbd.Negotiation;
using RemoteSwap.Nbd.Transmission;

namespace RemoteSwap.Nbd.Connections;

/// <summary>
/// One client, from its first byte to its last. It owns the stream and decides how the connection ends; the handshake
/// and the request loop do the talking.
/// <para>
/// It ends in one of two ways. In order: the client goes, what is in flight is finished and answered, the stream is
/// closed. Or cut: the client broke the protocol, the connection or the device failed, or the server wants no more;
/// then the device is told to give up, and nothing is answered. Either way <see cref="RunAsync"/> does not end before
/// the device has let go of every buffer.
/// </para>
/// <para>Locks: none; cutting happens once, by whoever is first.</para>
/// </summary>
internal sealed class NbdConnection : IDisposable
{
    // Time that a client in the midst of a handshake has to see that the server is going down.
    private static readonly TimeSpan s_handshakeStopTime = TimeSpan.FromMilliseconds(250);

    private readonly NbdExport _export;
    private readonly string _name;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RequestLoop? _loop;
    private bool _isStopping;
    private bool _isCut;

    /// <summary>Makes a connection that has not begun.</summary>
    /// <param name="export">What is served.</param>
    /// <param name="transport">The bytes; owned from now on.</param>
    /// <param name="name">What the log calls it.</param>
    /// <param name="log">Takes lines, from any thread.</param>
    public NbdConnection(NbdExport export, Stream transport, string name, Action<string> log)
    {
        _export = export;
        _name = name;
        _log = log;
        Stream = new ConnectionStream(transport);
        Ended = _ending.Token;
    }

    /// <summary>The bytes.</summary>
    public ConnectionStream Stream { get; }

    /// <summary>Cancelled when the connection is cut.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether new requests are refused, because the server is going down.</summary>
    public bool IsStopping => Volatile.Read(ref _isStopping);

    /// <summary>Requests that have been answered.</summary>
    public long RequestsServed => Volatile.Read(ref _loop)?.Window.Served ?? 0;

    /// <summary>Ends when the connection is over and the device holds nothing of it.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Takes a line for the log, and says which connection it is about.</summary>
    public void Log(string line) => _log($"{_name}: {line}");

    /// <summary>
    /// Serves the client to its end; never throws.
    /// <list type="number">
    /// <item>agree with it, within the time for that</item>
    /// <item>serve its requests until it goes or something fails</item>
    /// <item>wait for what is in flight</item>
    /// <item>say that there is no more, and close</item>
    /// </list>
    /// </summary>
    public async Task RunAsync()
    {
        try
        {
            // 1.
            if (await AgreeAsync().ConfigureAwait(false) is { } agreement)
            {
                // 2.
                RequestLoop loop = new(this, _export, agreement);
                Volatile.Write(ref _loop, loop);
                await ServeAsync(loop).ConfigureAwait(false);

                // 3.
                await loop.Window.IdleAsync().ConfigureAwait(false);
            }

            // 4.
            if (!Volatile.Read(ref _isCut))
            {
                await Stream.FinishAsync().ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (EndsBy(failure))
        {
            // The end that was not in order; it has been logged.
        }
        finally
        {
            await Stream.DisposeAsync().ConfigureAwait(false);
            _completion.SetResult();
        }
    }

    /// <summary>Refuses new requests, waits for what is in flight, and closes.</summary>
    public async Task StopAsync()
    {
        Volatile.Write(ref _isStopping, true);
        if (Volatile.Read(ref _loop) is { } loop)
        {
            await loop.Window.IdleAsync().ConfigureAwait(false);
        }
        else
        {
            await Task.WhenAny(Completion, Task.Delay(s_handshakeStopTime)).ConfigureAwait(false);
        }

        Cut();
    }

    /// <summary>Ends everything at once.</summary>
    /// <returns>Whether it had not been cut before.</returns>
    public bool Cut()
    {
        if (Interlocked.Exchange(ref _isCut, true))
        {
            return false;
        }

        End();
        return true;
    }

    /// <summary>Cuts the connection because of a failure, and logs the first one.</summary>
    /// <returns>True: for filters of exceptions, all of which end a connection.</returns>
    public bool EndsBy(Exception failure)
    {
        if (!Interlocked.Exchange(ref _isCut, true))
        {
            bool isForeseen = failure is IOException or SocketException or InvalidDataException
                or AuthenticationException or OperationCanceledException or TimeoutException;
            Log($"cut: {(isForeseen ? failure.Message : failure)}");
            End();
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _ending.Dispose();

    private void End()
    {
        // Not on this thread: whoever waits for the token runs its own code.
        _ = _ending.CancelAsync();
        Stream.Cut();
    }

    private async Task<Agreement?> AgreeAsync()
    {
        using CancellationTokenSource bound = new(_export.Options.HandshakeTimeout);
        using CancellationTokenRegistration cutting = bound.Token.UnsafeRegister(
            static self => ((NbdConnection)self!).EndsBy(new TimeoutException("the handshake took too long")), this);
        Handshake handshake = new(this, _export);
        return await handshake.RunAsync(bound.Token).ConfigureAwait(false);
    }

    private async Task ServeAsync(RequestLoop loop)
    {
        try
        {
            await loop.RunAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (EndsBy(failure))
        {
            // What is in flight has been told to end, and is waited for by the caller.
        }
    }
}
