using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteSwap.Console.Tests.Browser;

/// <summary>As much of the Chrome DevTools Protocol as driving one page takes: commands, answers, events.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private int _last;

    /// <summary>Told of each event.</summary>
    public event EventHandler<DevToolsEvent>? Told;

    public async Task ConnectAsync(Uri address)
    {
        using CancellationTokenSource bound = new(s_patience);
        await _socket.ConnectAsync(address, bound.Token);
        _reading = ReadAsync();
    }

    /// <summary>Sends a command and waits for its result.</summary>
    public async Task<JsonElement> SendAsync(string method, JsonObject? parameters = null, string? session = null)
    {
        int id = Interlocked.Increment(ref _last);
        TaskCompletionSource<JsonElement> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        JsonObject command = new() { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null)
        {
            command["sessionId"] = session;
        }

        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, true, _stop.Token);
        }
        finally
        {
            _sending.Release();
        }

        JsonElement reply = await answer.Task.WaitAsync(s_patience);
        return reply.TryGetProperty("error", out JsonElement error)
            ? throw new InvalidOperationException($"{method}: {error.GetRawText()}")
            : reply.GetProperty("result");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _reading;
        }
        catch (OperationCanceledException)
        {
            // That is how reading ends.
        }

        _socket.Dispose();
        _sending.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1 << 16];
        using MemoryStream message = new();
        while (_socket.State == WebSocketState.Open)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            }
            catch (WebSocketException)
            {
                // The browser is gone; who waits for it is told by his own patience.
                return;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                Take(message.ToArray());
                message.SetLength(0);
            }
        }
    }

    private void Take(byte[] message)
    {
        if (message.Length == 0)
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(message);
        JsonElement root = document.RootElement.Clone();
        if (root.TryGetProperty("id", out JsonElement id))
        {
            if (_waiting.TryRemove(id.GetInt32(), out TaskCompletionSource<JsonElement>? waiting))
            {
                waiting.TrySetResult(root);
            }
        }
        else
        {
            string session = root.TryGetProperty("sessionId", out JsonElement of) ? of.GetString()! : "";
            Told?.Invoke(
                this,
                new DevToolsEvent(session, root.GetProperty("method").GetString()!, root.GetProperty("params")));
        }
    }
}
