using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Server.Grpc.Exchange;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Simulation.Network;
using RemoteSwap.V1;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>
/// A whole Exchange stream, framing included: it ends, every reply is a message, in the order of the requests and for
/// one that was sent, and the books balance.
/// </summary>
internal static class StreamJudge
{
    private const int PrefixBytes = 5;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    // No writer waits, as one task has both ends.
    private static readonly PipeOptions s_inline = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 0,
        useSynchronizationContext: false);

    public static void Judge(byte[] bytes, int piece)
    {
        using FuzzServer server = new();
        Pipe input = new(s_inline);
        Pipe output = new(s_inline);
        DefaultHttpContext http = new();
        http.Features.Set<IRequestBodyPipeFeature>(new PipeRequest(input.Reader));
        http.Features.Set<IHttpResponseBodyFeature>(new PipeResponse(output.Writer));
        http.Features.Set(new ConnectionShare(FuzzServer.Gate));
        CallWatch watch = new(TimeProvider.System);
        WatchedCall watched = watch.Add(http);
        ExchangeStream stream = new(
            http,
            server.Calls,
            watched,
            GuardedStream.Unguarded,
            CancellationToken.None,
            CancellationToken.None);
        Task<CallRefusal?> run = stream.RunAsync();
        for (int at = 0; at < bytes.Length && !run.IsCompleted;)
        {
            int count = piece == 0 ? bytes.Length : Math.Min(piece, bytes.Length - at);
            input.Writer.Write(bytes.AsSpan(at, count));
            Complete(input.Writer.FlushAsync().AsTask());
            at += count;
        }

        input.Writer.Complete();
        Complete(run);
        output.Writer.Complete();
        watch.Remove(watched);
        Complete(output.Reader.ReadAsync().AsTask(), out ReadResult sent);
        JudgeReplies(sent.Buffer.ToArray(), Ids(bytes));
        string? violation = server.Audit();
        FindingException.Unless(violation is null, $"after a stream: {violation}");
    }

    private static void Complete(Task task) =>
        FindingException.Unless(task.Wait(s_deadline), "a stream does not end");

    private static void Complete<T>(Task<T> task, out T result)
    {
        Complete(task);
        result = task.Result;
    }

    // Of the requests that the format's own reader can read; null where it can not read one, and judges no further.
    private static List<ulong?> Ids(ReadOnlySpan<byte> bytes)
    {
        List<ulong?> ids = [];
        while (bytes.Length >= PrefixBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
            if (length > bytes.Length - PrefixBytes)
            {
                break;
            }

            ids.Add(Generated.Read(ExchangeRequest.Parser, bytes.Slice(PrefixBytes, (int)length).ToArray())?.RequestId);
            bytes = bytes[(PrefixBytes + (int)length)..];
        }

        return ids;
    }

    private static void JudgeReplies(ReadOnlySpan<byte> sent, List<ulong?> ids)
    {
        for (int count = 0; !sent.IsEmpty; count++)
        {
            FindingException.Unless(sent.Length >= PrefixBytes && sent[0] == 0, "a reply has no prefix");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(sent[1..]);
            FindingException.Unless(length <= sent.Length - PrefixBytes, "a reply is cut");
            byte[] message = sent.Slice(PrefixBytes, (int)length).ToArray();
            sent = sent[(PrefixBytes + (int)length)..];
            ExchangeResponse reply = ExchangeResponse.Parser.ParseFrom(message);
            if (count == 0)
            {
                FindingException.Unless(reply.Welcome is not null, "the first reply is no welcome");
                continue;
            }

            FindingException.Unless(count <= ids.Count, "there are more replies than requests");
            FindingException.Unless(
                ids[count - 1] is null || ids[count - 1] == reply.RequestId,
                $"reply {count} is for request {reply.RequestId}");
        }
    }
}
