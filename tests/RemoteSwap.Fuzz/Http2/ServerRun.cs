using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Server.Direct;
using RemoteSwap.Server.Options;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// Production's direct connection, over pipes, before a client that says what it says; then the body that came to the
/// application, and what was sent, are what <see cref="ClientScript"/> says.
/// </summary>
internal sealed class ServerRun : ILogger
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    private static readonly TransportLimits s_limits = new()
    {
        MaxStreams = 1,
        HeadersTimeout = TimeSpan.FromSeconds(10),
        MaxHeaderBytes = 16 << 10,
        PingDelay = null,
        PingTimeout = TimeSpan.FromSeconds(10),
    };

    private readonly List<byte> _sent = [];
    private Exception? _logged;

    /// <summary>The head that has to pass.</summary>
    public static byte[] PlainBlock { get; } = FrameBytes.Block(
        (":method", "POST"), (":scheme", "http"), (":path", "/fuzz.Service/Method"), (":authority", "fuzz:1"),
        ("te", "trailers"), ("content-type", "application/grpc"));

    /// <summary>Runs a script.</summary>
    /// <param name="script">What the client says behind its preface.</param>
    /// <param name="piece">In pieces of how many bytes; 0: whole.</param>
    /// <param name="isEcho">Whether the application sends the body back.</param>
    /// <param name="isSlow">Whether the client takes only a little at a time.</param>
    public static void Judge(byte[] script, int piece, bool isEcho, bool isSlow)
    {
        ServerRun run = new();
        EchoApplication application = new(isEcho);
        run.Serve([.. Http2Wire.Preface, .. script], piece, application, isSlow);
        FindingException.Unless(run._logged is null, $"the application's end is a failure: {run._logged}");
        ClientScript wanted = new(script);
        JudgeRequest(wanted, application, isEcho);
        new ServerSent(wanted, [.. application.Body], isEcho, isSlow).Judge([.. run._sent]);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _logged ??= exception ?? new InvalidOperationException(formatter(state, exception));

    private static void JudgeRequest(ClientScript wanted, EchoApplication application, bool isEcho)
    {
        FindingException.Unless(application.Calls <= 1, "a stream is more than one call");
        if (application.Calls == 0)
        {
            FindingException.Unless(
                !wanted.Block.AsSpan().SequenceEqual(PlainBlock), "an orderly request is not carried out");
            return;
        }

        FindingException.Unless(
            wanted.Head is { } head && head.CountOf(":method") == 1 && head.CountOf(":scheme") == 1
            && head.CountOf(":path") == 1 && head.Last(":path")!.StartsWith('/')
            && string.Equals(head.Last(":scheme"), "http", StringComparison.OrdinalIgnoreCase),
            "a request is carried out that is none");
        byte[] body = [.. application.Body];
        byte[] all = [.. wanted.Body];
        FindingException.Unless(all.AsSpan().StartsWith(body), "the application reads another body");
        FindingException.Unless(
            body.Length == all.Length || isEcho || wanted.IsFaulty || wanted.IsBroken || wanted.IsOpen,
            $"the application reads {body.Length} bytes of {all.Length}");
        FindingException.Unless(
            !application.HasRead || (wanted.IsWhole && body.Length == all.Length), "a request is whole that is cut");
    }

    private void Serve(byte[] script, int piece, EchoApplication application, bool isSlow)
    {
        Pipe input = new(Options(pause: 0));
        Pipe output = new(Options(isSlow ? 64 : 0));
        DefaultConnectionContext connection = new("fuzz", new Duplex(input.Reader, output.Writer), null!);
        Task run = RunAsync(connection, application);
        for (int at = 0; at < script.Length && !run.IsCompleted;)
        {
            int count = piece == 0 ? script.Length : Math.Min(piece, script.Length - at);
            input.Writer.Write(script.AsSpan(at, count));
            at += count;
            _ = input.Writer.FlushAsync().AsTask();
            Drain(output.Reader);
        }

        input.Writer.Complete();
        long began = Environment.TickCount64;
        while (!run.IsCompleted)
        {
            Drain(output.Reader);
            FindingException.Unless(
                Environment.TickCount64 - began < s_deadline.TotalMilliseconds, "a connection does not end");
            run.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(s_moment);
        }

        Drain(output.Reader);
        run.GetAwaiter().GetResult();
    }

    private async Task RunAsync(ConnectionContext connection, EchoApplication application)
    {
        ApplicationRunner<Microsoft.AspNetCore.Http.Features.IFeatureCollection> runner = new(application);
        await using DirectConnection direct =
            new(connection, runner, s_limits, FrozenTime.Instance, new DirectLog(this));
        await direct.RunAsync();
    }

    private void Drain(PipeReader output)
    {
        while (output.TryRead(out ReadResult sent) && !sent.Buffer.IsEmpty)
        {
            _sent.AddRange(sent.Buffer.ToArray());
            output.AdvanceTo(sent.Buffer.End);
        }
    }

    private static PipeOptions Options(long pause) => new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: pause,
        resumeWriterThreshold: pause / 2,
        useSynchronizationContext: false);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
