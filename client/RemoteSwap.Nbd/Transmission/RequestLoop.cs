using RemoteSwap.Nbd.Connections;
using RemoteSwap.Nbd.Negotiation;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Transmission: reads the requests of a connection, one after another, and begins them; they end in any order. The
/// only reader of its connection. A client that asks for more than the window holds waits in its socket.
/// </summary>
internal sealed class RequestLoop(NbdConnection connection, NbdExport export, Agreement agreement)
{
    /// <summary>The longest payload of a refused write that is read to stay in step; a longer one ends all.</summary>
    public const uint MaxDrainBytes = 64 << 20;

    // Requests that are begun before the plug ends and replies which are ready by then are sent, even if more requests
    // are at hand.
    private const int MaxUnsent = 16;

    private static readonly NbdResult s_stopping = new(NbdError.Shutdown, "the server is going down");

    private readonly WireInput _input = connection.Stream.Input;
    private readonly RequestRules _rules = new(export.Options, export.SizeBytes, agreement);
    private readonly RequestExecutor _executor = new(connection, export, agreement);

    // The request that is being read, as far as it has come.
    private RequestStage _stage;
    private RequestHeader _header;
    private NbdResult _check;
    private long _began;
    private NbdRequest? _request;

    /// <summary>The requests that are under way.</summary>
    public RequestWindow Window => _executor.Window;

    // What a request takes of the window.
    private long WindowBytes =>
        _check.IsSuccess && _header.Command is NbdCommand.Read or NbdCommand.Write ? _header.Length : 0;

    /// <summary>
    /// Serves until the client goes. For each request:
    /// <list type="number">
    /// <item>get its header</item>
    /// <item>a disconnect, or the end of the stream between two requests, ends the loop</item>
    /// <item>check it, all at once</item>
    /// <item>take a place in the window</item>
    /// <item>if the server is going down, refuse it</item>
    /// <item>get the payload, or read over it</item>
    /// <item>if another header is at hand, plug the device</item>
    /// <item>answer a refusal; begin the rest</item>
    /// </list>
    /// Whatever has to be waited for in 1, 4 and 6, the device is unplugged and the replies that are ready are sent
    /// before. So requests that are at hand together reach the device together, and one alone waits for nothing.
    /// </summary>
    /// <exception cref="InvalidDataException">The stream is out of step.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync()
    {
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        finally
        {
            // However it ends: one that was not begun, and what is queued, hold places in the window; the latter until
            // it is sent, or can not be.
            if (_request is { } request)
            {
                Window.Leave(request);
            }

            _executor.SendReplies();
        }
    }

    // All waiting is done here, and nothing is plugged here: a plug is its thread's, and who waits may change threads.
    private async Task ReadAsync()
    {
        while (true)
        {
            BeginAtHand();
            _executor.SendReplies();
            switch (_stage)
            {
                case RequestStage.Header:
                    if (!await _input.FillAsync(RequestHeader.Bytes).ConfigureAwait(false))
                    {
                        return;
                    }

                    break;
                case RequestStage.Place:
                    await Window.WaitAsync(WindowBytes).ConfigureAwait(false);
                    break;
                case RequestStage.Payload:
                    // Most clients send header and payload one directly after the other, but not in one piece.
                    connection.Stream.AwaitShortly();
                    await ReadPayloadAsync(_request!).ConfigureAwait(false);
                    _stage = RequestStage.Ready;
                    break;
                case RequestStage.Disconnect:
                    return;
            }
        }
    }

    // Goes on with the request that is being read and takes those behind it, as far as nothing has to be waited for.
    // Synchronous from Plug to Unplug, which is what they ask for.
    private void BeginAtHand()
    {
        bool isPlugged = false;
        try
        {
            for (int begun = 0; begun < MaxUnsent && IsNextReady(); begun++)
            {
                // 7.
                if (!isPlugged && _input.Buffered >= RequestHeader.Bytes)
                {
                    export.Device.Plug();
                    isPlugged = true;
                }

                // 8.
                Begin(_request!);
            }
        }
        finally
        {
            if (isPlugged)
            {
                export.Device.Unplug();
            }
        }
    }

    private bool IsNextReady() =>
        (_stage != RequestStage.Header || TryTakeHeader())
        && (_stage != RequestStage.Place || TryTakePlace())
        && (_stage != RequestStage.Payload || TryTakePayload())
        && _stage == RequestStage.Ready;

    private bool TryTakeHeader()
    {
        // 1.
        if (_input.Buffered < RequestHeader.Bytes)
        {
            return false;
        }

        _began = export.Measures.Now();
        _header = RequestHeader.Read(_input.Peek(RequestHeader.Bytes));
        _input.Skip(RequestHeader.Bytes);

        // 2.
        if (_header.Command == NbdCommand.Disconnect)
        {
            _stage = RequestStage.Disconnect;
            return false;
        }

        // 3.
        _check = _rules.Check(_header);
        if (!_check.IsSuccess && _header.PayloadLength > MaxDrainBytes)
        {
            throw new InvalidDataException($"a refused write of {_header.PayloadLength} bytes is too long to skip");
        }

        _stage = RequestStage.Place;
        return true;
    }

    private bool TryTakePlace()
    {
        // 4.
        if (!Window.TryEnter(WindowBytes, out _request))
        {
            return false;
        }

        _request.Header = _header;
        _request.Watch.Begin(_header, _began);

        // 5.
        if (_check.IsSuccess && connection.IsStopping)
        {
            _check = s_stopping;
        }

        _stage = RequestStage.Payload;
        return true;
    }

    // 6. Where it is not here, ReadPayloadAsync does it.
    private bool TryTakePayload()
    {
        int length = (int)_header.PayloadLength;
        bool isHere = _input.Buffered >= length;
        if (length > 0 && _check.IsSuccess)
        {
            _request!.Buffer = _executor.RentBuffer(length);
            if (isHere)
            {
                _input.Peek(length).CopyTo(_request.Content.Span);
            }
        }

        if (isHere)
        {
            _input.Skip(length);
            _stage = RequestStage.Ready;
        }

        return isHere;
    }

    private ValueTask ReadPayloadAsync(NbdRequest request) =>
        _check.IsSuccess ? _input.ReadAsync(request.Content) : _input.DrainAsync(_header.PayloadLength);

    private void Begin(NbdRequest request)
    {
        _request = null;
        _stage = RequestStage.Header;
        if (_check.IsSuccess)
        {
            _executor.Begin(request);
        }
        else
        {
            _executor.Refuse(request, _check);
        }
    }
}
