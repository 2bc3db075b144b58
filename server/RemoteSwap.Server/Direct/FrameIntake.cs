using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// Takes the frames of a direct connection as they come whole, and what each says where it belongs: windows, settings,
/// the stream. Whether a frame is one is <see cref="FrameCheck"/>'s to say, whether it comes at its time this one's.
/// <para>
/// Nothing but the stream waits for what it takes; only a frame that has to be answered waits until there is room for
/// the answer. The connection's loop alone uses it.
/// </para>
/// </summary>
/// <param name="line">The connection.</param>
/// <param name="stream">Its stream.</param>
/// <param name="watch">Is told of the head.</param>
/// <param name="maxHeaderBytes">Transport:MaxHeaderBytes.</param>
internal sealed class FrameIntake(DirectLine line, DirectStream stream, LineWatch watch, int maxHeaderBytes)
{
    private const int PriorityBytes = 5;

    private readonly string _scheme =
        line.Connection.Features.Get<ITlsConnectionFeature>() is null ? "http" : "https";

    private bool _hasPreface;

    /// <summary>Whether the client has said that it opens no stream any more.</summary>
    public bool IsClientLeaving { get; private set; }

    /// <summary>Takes all frames that are there whole.</summary>
    /// <param name="arrived">What has arrived.</param>
    /// <returns>Where the first one is that is not.</returns>
    /// <exception cref="WireFaultException">The connection is to end.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SequencePosition> TakeAsync(ReadOnlySequence<byte> arrived)
    {
        if (!_hasPreface && arrived.Length >= Http2Wire.Preface.Length)
        {
            _hasPreface = true;
            arrived = arrived.Slice(Http2Wire.Preface.Length);
        }

        while (_hasPreface && TryRead(ref arrived, out FrameHeader frame, out ReadOnlySequence<byte> payload))
        {
            if (frame.Type is FrameType.Ping or FrameType.Settings && !frame.Has(FrameFlags.EndStream))
            {
                await line.Output.RoomAsync();
            }

            Take(in frame, in payload);
        }

        return arrived.Start;
    }

    private static bool TryRead(
        ref ReadOnlySequence<byte> arrived, out FrameHeader frame, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        frame = default;
        if (arrived.Length < FrameHeader.Bytes)
        {
            return false;
        }

        if (arrived.FirstSpan.Length >= FrameHeader.Bytes)
        {
            frame = FrameHeader.Read(arrived.FirstSpan);
        }
        else
        {
            Span<byte> header = stackalloc byte[FrameHeader.Bytes];
            arrived.Slice(0, FrameHeader.Bytes).CopyTo(header);
            frame = FrameHeader.Read(header);
        }

        FrameCheck.Run(in frame);
        if (arrived.Length < FrameHeader.Bytes + frame.Length)
        {
            return false;
        }

        payload = arrived.Slice(FrameHeader.Bytes, frame.Length);
        arrived = arrived.Slice(FrameHeader.Bytes + frame.Length);
        return true;
    }

    private void Take(in FrameHeader frame, in ReadOnlySequence<byte> payload)
    {
        switch (frame.Type)
        {
            case FrameType.Data:
                TakeData(in frame, in payload);
                break;
            case FrameType.Headers:
                TakeHead(in frame, in payload);
                break;
            case FrameType.Settings when !frame.Has(FrameFlags.EndStream):
                line.Settings.Take(in payload);
                ConnectionFrames.PostSettingsAnswer(line.Output);
                break;
            case FrameType.Ping when !frame.Has(FrameFlags.EndStream):
                Span<byte> said = stackalloc byte[FrameCheck.PingBytes];
                payload.CopyTo(said);
                ConnectionFrames.PostPing(line.Output, said, isAnswer: true);
                break;
            case FrameType.WindowUpdate:
                TakeWindow(frame.Stream, Number(in payload));
                break;
            case FrameType.ResetStream:
                RequireOpen();
                stream.Break();
                break;
            case FrameType.GoAway:
                IsClientLeaving = true;
                break;
            default:
                break;
        }
    }

    private void TakeData(in FrameHeader frame, in ReadOnlySequence<byte> payload)
    {
        RequireOpen();
        FrameCheck.Require(!stream.IsRequestWhole, Http2Error.StreamClosed, "DATA behind its end");
        ReadOnlySequence<byte> body = WithoutPadding(in frame, in payload);
        stream.Take(in body, (int)(payload.Length - body.Length), frame.Has(FrameFlags.EndStream));
    }

    private void TakeHead(in FrameHeader frame, in ReadOnlySequence<byte> payload)
    {
        FrameCheck.Require(
            !stream.IsOpen,
            stream.IsRequestWhole ? Http2Error.StreamClosed : Http2Error.Protocol,
            "a second head");
        FrameCheck.Require(frame.Has(FrameFlags.EndHeaders), Http2Error.Protocol, "a head in pieces");
        ReadOnlySequence<byte> block = WithoutPadding(in frame, in payload);
        if (frame.Has(FrameFlags.Priority))
        {
            FrameCheck.Require(block.Length >= PriorityBytes, Http2Error.FrameSize, "a head without its priority");
            block = block.Slice(PriorityBytes);
        }

        RequestHead head = Read(in block);
        FrameCheck.Require(
            head.Count <= DirectLimits.MaxHeaders, Http2Error.Protocol, "a head of more fields than there may be");
        watch.TakeHead();
        bool isWhole = frame.Has(FrameFlags.EndStream);
        if (head.IsRequest(_scheme))
        {
            stream.Open(head, isWhole);
        }
        else
        {
            stream.Refuse(isWhole);
        }
    }

    // Heads have secrets, so no copy stays behind.
    private RequestHead Read(in ReadOnlySequence<byte> block)
    {
        RequestHead head = new();
        int bytes = (int)block.Length;
        byte[] lent = ArrayPool<byte>.Shared.Rent(bytes);
        block.CopyTo(lent);
        bool isRead = HeaderDecoder.TryRead(lent.AsSpan(0, bytes), ref head, maxHeaderBytes);
        ArrayPool<byte>.Shared.Return(lent, clearArray: true);

        FrameCheck.Require(
            isRead, Http2Error.Compression, "a head that can not be read, or above Transport:MaxHeaderBytes");
        return head;
    }

    private void TakeWindow(int streamId, int bytes)
    {
        FrameCheck.Require(bytes > 0, Http2Error.Protocol, "WINDOW_UPDATE of nothing");
        if (streamId == 0)
        {
            line.Window.GrantConnection(bytes);
        }
        else
        {
            RequireOpen();
            line.Window.GrantStream(bytes);
        }
    }

    private void RequireOpen() =>
        FrameCheck.Require(stream.IsOpen, Http2Error.Protocol, "a frame of a stream that is not open");

    // RFC 9113, section 6.1.
    private static ReadOnlySequence<byte> WithoutPadding(in FrameHeader frame, in ReadOnlySequence<byte> payload)
    {
        if (!frame.Has(FrameFlags.Padded))
        {
            return payload;
        }

        FrameCheck.Require(!payload.IsEmpty, Http2Error.FrameSize, "a padded frame without a length of its padding");
        int padding = payload.FirstSpan[0];
        FrameCheck.Require(padding < payload.Length, Http2Error.Protocol, "more padding than frame");
        return payload.Slice(1, payload.Length - 1 - padding);
    }

    private static int Number(in ReadOnlySequence<byte> payload)
    {
        Span<byte> bytes = stackalloc byte[FrameCheck.NumberBytes];
        payload.CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes) & int.MaxValue;
    }
}
