using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Server.Grpc.Exchange;
using RemoteSwap.Server.Grpc.Flow;

namespace RemoteSwap.Simulation.Network;

/// <summary>The server's end of a stream: production's ExchangeStream between two pipes.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer.")]
internal sealed class ServedStream
{
    private static readonly PipeOptions s_inline = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 0,
        useSynchronizationContext: true);

    private readonly Pipe _input = new(s_inline);
    private readonly Pipe _output = new(s_inline);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Action<byte[]> _reply;
    private readonly Action<CallRefusal?> _ended;
    private bool _isOver;

    /// <summary>Begins to serve.</summary>
    /// <param name="server">The server.</param>
    /// <param name="reply">Takes a message for the client.</param>
    /// <param name="ended">Told when the server has ended the stream.</param>
    public ServedStream(SimServer server, Action<byte[]> reply, Action<CallRefusal?> ended)
    {
        _reply = reply;
        _ended = ended;
        DefaultHttpContext http = new();
        http.Features.Set<IRequestBodyPipeFeature>(new PipeRequest(_input.Reader));
        http.Features.Set<IHttpResponseBodyFeature>(new PipeResponse(_output.Writer));
        http.Features.Set(new ConnectionShare(server.InProgress));
        _ = RunAsync(server, http);
        _ = PumpAsync();
    }

    /// <summary>A message arrives, with its prefix.</summary>
    public void Arrive(byte[] message)
    {
        if (_isOver)
        {
            return;
        }

        Span<byte> room = _input.Writer.GetSpan(MessageFrame.PrefixBytes + message.Length);
        MessageFrame.WritePrefix(room[..MessageFrame.PrefixBytes], message.Length);
        message.CopyTo(room[MessageFrame.PrefixBytes..]);
        _input.Writer.Advance(MessageFrame.PrefixBytes + message.Length);
        _ = _input.Writer.FlushAsync(CancellationToken.None).AsTask();
    }

    /// <summary>The client sends nothing more.</summary>
    public void Finish() => _input.Writer.Complete();

    /// <summary>The connection is gone.</summary>
    public void Abort()
    {
        if (!_isOver)
        {
            _isOver = true;
            _input.Writer.Complete(new IOException("the connection was reset"));
            _cancellation.Cancel();
        }
    }

    private async Task RunAsync(SimServer server, DefaultHttpContext http)
    {
        CallRefusal? refusal = null;
        WatchedCall watched = server.Watch.Add(http);
        try
        {
            ExchangeStream stream = new(
                http,
                server.Calls,
                watched,
                GuardedStream.Unguarded,
                CancellationToken.None,
                _cancellation.Token);
            refusal = await stream.RunAsync();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // As the server's service: nobody is left to be told.
        }
        finally
        {
            server.Watch.Remove(watched);
            _isOver = true;
            await _output.Writer.CompleteAsync();
            _ended(refusal);
        }
    }

    private async Task PumpAsync()
    {
        bool more = true;
        while (more)
        {
            ReadResult read = await _output.Reader.ReadAsync();
            ReadOnlySequence<byte> left = read.Buffer;
            while (left.Length >= MessageFrame.PrefixBytes)
            {
                byte[] prefix = left.Slice(0, MessageFrame.PrefixBytes).ToArray();
                long bytes = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
                if (left.Length < MessageFrame.PrefixBytes + bytes)
                {
                    break;
                }

                _reply(left.Slice(MessageFrame.PrefixBytes, bytes).ToArray());
                left = left.Slice(MessageFrame.PrefixBytes + bytes);
            }

            more = !read.IsCompleted;
            _output.Reader.AdvanceTo(left.Start, left.End);
        }
    }
}
