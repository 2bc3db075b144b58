using Grpc.Core;
using RemoteSwap.Client;
using RemoteSwap.Client.Http2;
using RemoteSwap.Client.Security;
using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// Production's client before a server that has said everything already: it reads to the end, and sends one message
/// after the first that it has read. What it hands out, and what it sends, is what <see cref="ServerScript"/> says.
/// </summary>
internal sealed class ClientRun : IDialer, IDisposable
{
    private const int BaseBytes = 2 << 20;
    private const int BytesPerByte = 16;

    // Nothing waits for anything but a message for a window, so this is an endless loop's.
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private static readonly Method<byte[], byte[]> s_method = new(
        MethodType.DuplexStreaming,
        "fuzz.Service",
        "Method",
        Marshallers.Create<byte[]>(
            static (message, context) => context.Complete(message), static context => context.PayloadAsNewBuffer()),
        Marshallers.Create<byte[]>(
            static (message, context) => context.Complete(message), static context => context.PayloadAsNewBuffer()));

    private static readonly RemoteSwapClientOptions s_options = new() { Address = new Uri("http://fuzz:1") };

    private readonly ScriptedStream _connection;
    private readonly byte[] _message;
    private readonly List<byte[]> _received = [];
    private Task _write = Task.CompletedTask;

    private ClientRun(byte[] script, int piece, int written)
    {
        _connection = new ScriptedStream(script, piece);
        _message = FrameBytes.Message(Math.Max(0, written))[5..];
        IsWriting = written >= 0;
    }

    private bool IsWriting { get; }

    /// <summary>Runs a script.</summary>
    /// <param name="script">What the server says.</param>
    /// <param name="piece">In pieces of how many bytes; 0: whole.</param>
    /// <param name="written">Bytes of the message that is sent; less than 0: none is.</param>
    public static void Judge(byte[] script, int piece, int written)
    {
        ServerScript wanted = new(script, written < 0 ? 0 : written + 5);
        using ClientRun run = new(script, piece, written);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool endsWell = run.Read();
        long used = GC.GetAllocatedBytesForCurrentThread() - before;
        FindingException.Unless(
            used <= BaseBytes + (BytesPerByte * (script.Length + Math.Max(0L, written))),
            $"{used} bytes of memory for {script.Length}");

        int count = run._received.Count;
        FindingException.Unless(
            count >= wanted.Certain && count <= wanted.Messages.Count
            && (count == wanted.Messages.Count || wanted.IsOpen),
            $"{count} messages were handed out of {wanted.Messages.Count}, {wanted.Certain} of them certain");
        for (int i = 0; i < count; i++)
        {
            FindingException.Unless(
                run._received[i].AsSpan().SequenceEqual(wanted.Messages[i]), $"message {i} is another");
        }

        FindingException.Unless(
            endsWell == wanted.EndsWell || (wanted.IsOpen && !endsWell), "a good end is a bad one, or a bad one good");
        ClientSent.Judge(run._connection.Sent, wanted, run._message, !run.IsWriting || count == 0);
    }

    public ValueTask<Stream> DialAsync(CancellationToken ct) => new(_connection);

    public void Dispose() => _connection.Dispose();

    private bool Read()
    {
        DirectLine line = new(s_options.Address, this, Token: null, new SilentEnds(s_options), FrozenTime.Instance);
        AsyncDuplexStreamingCall<byte[], byte[]> call =
            new DirectCallInvoker(line).AsyncDuplexStreamingCall(s_method, host: null, default);
        DirectCall<byte[], byte[]> direct = (DirectCall<byte[], byte[]>)call.ResponseStream;
        bool endsWell;
        while (Next(direct, out endsWell))
        {
            _received.Add(direct.Current);
            if (_received.Count == 1 && IsWriting)
            {
                _write = WriteAsync(call.RequestStream);
            }
        }

        bool another = Next(direct, out bool endsWellAgain);
        call.Dispose();
        FindingException.Unless(!another, "a message comes behind the end");
        FindingException.Unless(endsWellAgain == endsWell, "another end comes behind the end");
        FindingException.Unless(_write.Wait(s_deadline), "a message that is sent does not end with its call");
        return endsWell;
    }

    private async Task WriteAsync(IClientStreamWriter<byte[]> call)
    {
        try
        {
            await call.WriteAsync(_message);
            await call.CompleteAsync();
        }
        catch (IOException)
        {
            // As it says.
        }
    }

    // Whether there is a message; if not, how the call ended.
    private static bool Next(DirectCall<byte[], byte[]> call, out bool endsWell)
    {
        endsWell = false;
        try
        {
            Task<bool> next = call.MoveNextAsync().AsTask();
            FindingException.Unless(((IAsyncResult)next).AsyncWaitHandle.WaitOne(s_deadline), "a read does not end");
            bool isMessage = next.GetAwaiter().GetResult();
            endsWell = !isMessage;
            return isMessage;
        }
        catch (RpcException end)
        {
            FindingException.Unless(end.StatusCode != StatusCode.OK, "a failure is called OK");
            return false;
        }
    }
}
