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

    // Requests that are begun before replies which are ready by then are sent, even if more requests are at hand.
    private const int MaxUnsent = 16;

    private static readonly NbdResult s_stopping = new(NbdError.Shutdown, "the server is going down");

    private readonly WireInput _input = connection.Stream.Input;
    private readonly RequestRules _rules = new(export.Options, export.SizeBytes, agreement);
    private readonly RequestExecutor _executor = new(connection, export, agreement);

    /// <summary>The requests that are under way.</summary>
    public RequestWindow Window => _executor.Window;

    /// <summary>
    /// Serves until the client goes. For each request:
    /// <list type="number">
    /// <item>get its header; before waiting for one, send the replies that are ready</item>
    /// <item>a disconnect, or the end of the stream between two requests, ends the loop</item>
    /// <item>check it, all at once</item>
    /// <item>take a place in the window, or wait for one</item>
    /// <item>if the server is going down, refuse it</item>
    /// <item>get the payload, or read over it</item>
    /// <item>answer a refusal; begin the rest</item>
    /// </list>
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
            // However it ends: what is queued holds places in the window until it is sent, or can not be.
            _executor.SendReplies();
        }
    }

    private async Task ReadAsync()
    {
        for (int unsent = 0; ;)
        {
            // 1.
            if (_input.Buffered < RequestHeader.Bytes || ++unsent == MaxUnsent)
            {
                _executor.SendReplies();
                unsent = 0;
            }

            if (_input.Buffered < RequestHeader.Bytes
                && !await _input.FillAsync(RequestHeader.Bytes).ConfigureAwait(false))
            {
                return;
            }

            long began = export.Measures.Now();
            RequestHeader header = RequestHeader.Read(_input.Peek(RequestHeader.Bytes));
            _input.Skip(RequestHeader.Bytes);

            // 2.
            if (header.Command == NbdCommand.Disconnect)
            {
                return;
            }

            // 3.
            NbdResult check = _rules.Check(header);
            if (!check.IsSuccess && header.PayloadLength > MaxDrainBytes)
            {
                throw new InvalidDataException($"a refused write of {header.PayloadLength} bytes is too long to skip");
            }

            // 4.
            bool hasContent = check.IsSuccess && header.Command is NbdCommand.Read or NbdCommand.Write;
            long bytes = hasContent ? header.Length : 0;
            NbdRequest? request;
            while (!Window.TryEnter(bytes, out request))
            {
                _executor.SendReplies();
                await Window.WaitAsync(bytes).ConfigureAwait(false);
            }

            request.Header = header;
            request.Watch.Begin(header, began);

            // 5.
            if (check.IsSuccess && connection.IsStopping)
            {
                check = s_stopping;
            }

            // 6.
            if (header.PayloadLength > 0)
            {
                try
                {
                    await TakePayloadAsync(request, check.IsSuccess).ConfigureAwait(false);
                }
                catch
                {
                    Window.Leave(request);
                    throw;
                }
            }

            // 7.
            if (check.IsSuccess)
            {
                _executor.Begin(request);
            }
            else
            {
                _executor.Refuse(request, check);
            }
        }
    }

    // Synchronous where the bytes are there, so that a small write does not leave the thread.
    private ValueTask TakePayloadAsync(NbdRequest request, bool isWanted)
    {
        uint length = request.Header.PayloadLength;
        if (_input.Buffered < length)
        {
            // Most clients send header and payload one directly after the other, but not in one piece.
            _executor.SendReplies();
            connection.Stream.AwaitShortly();
        }

        if (!isWanted)
        {
            return _input.DrainAsync(length);
        }

        request.Buffer = _executor.RentBuffer((int)length);
        return _input.ReadAsync(request.Content);
    }
}
