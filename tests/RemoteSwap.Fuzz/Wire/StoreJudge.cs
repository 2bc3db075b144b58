using Google.Protobuf;
using RemoteSwap.Codec;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>
/// A Store that was read by hand and carried out: what it stored is what the generated code reads in the same bytes. It
/// is loaded back by a Load whose reply the generated code reads too.
/// </summary>
internal static class StoreJudge
{
    private const int ReplyBytes = 64 << 10;

    public static void Judge(byte[] message, int piece)
    {
        using FuzzServer server = new();
        StoreCall call = server.Calls.Stores.Rent();
        call.Run(SegmentedBytes.Cut(message, piece), Caller.Anybody, SpanParent.OfCall);
        StoreRequest? request = Generated.Read(StoreRequest.Parser, message);
        if (call.Refusal is null)
        {
            MessageWriter reply = new(stackalloc byte[StoreCall.MaxReplyBytes]);
            call.WriteReply(ref reply);
            StoreResponse response = StoreResponse.Parser.ParseFrom(reply.Written.ToArray());
            if (request is not null)
            {
                Compare(server, request, response);
            }
        }
        else
        {
            FindingException.Unless(
                server.Store.Statistics.UsedBytes == 0, $"a Store was refused ({call.Refusal.Message}) and stored");
        }

        string? violation = server.Audit();
        FindingException.Unless(violation is null, $"after a Store: {violation}");
    }

    private static void Compare(FuzzServer server, StoreRequest request, StoreResponse response)
    {
        FindingException.Unless(
            response.Outcomes.Count == request.Slots.Count,
            $"{response.Outcomes.Count} outcomes for {request.Slots.Count} slots");
        int offset = 0;
        for (int page = 0; page < request.Slots.Count; page++)
        {
            int size = (int)request.Sizes[page];
            ReadOnlySpan<byte> zpage = request.Zpages.Span.Slice(offset, size);
            offset += size;
            bool isOnce = request.Slots.Count(slot => slot == request.Slots[page]) == 1;
            if (isOnce && response.Outcomes[page] == V1.StoreOutcome.Stored)
            {
                CompareStored(server, request, page, zpage);
            }
        }
    }

    private static void CompareStored(FuzzServer server, StoreRequest request, int page, ReadOnlySpan<byte> zpage)
    {
        LoadRequest load = new()
        {
            Tenant = request.Tenant,
            Area = request.Area,
            AttachEpoch = request.AttachEpoch,
            Slots = { request.Slots[page] },
        };
        LoadResponse loaded = Load(server, load);
        FindingException.Unless(
            loaded.Outcomes[0] == V1.LoadOutcome.Loaded, $"a stored page answers {loaded.Outcomes[0]}");
        FindingException.Unless(
            (request.Generations.Count == 0 || loaded.Generations[0] == request.Generations[page])
            && loaded.PageChecksums[0] == (request.PageChecksums.Count == 0 ? 0 : request.PageChecksums[page])
            && loaded.ZpageChecksums[0] == PageChecksum.OfZpage(loaded.Zpages.Span),
            "a stored page's columns are others");
        if (!request.Encode)
        {
            FindingException.Unless(
                loaded.Encodings[0] == request.Encodings[page] && loaded.Zpages.Span.SequenceEqual(zpage),
                "a stored zpage is another");
            return;
        }

        Span<byte> wanted = stackalloc byte[PageSize.Bytes];
        Span<byte> found = stackalloc byte[PageSize.Bytes];
        PageCodec codec = new(K4osBlockCodec.Instance);
        if (codec.Decode((ZpageEncoding)request.Encodings[page], zpage, wanted) == ZpageFault.None)
        {
            ZpageFault fault = codec.Decode((ZpageEncoding)loaded.Encodings[0], loaded.Zpages.Span, found);
            FindingException.Unless(
                fault == ZpageFault.None && found.SequenceEqual(wanted), "a page that was encoded is another");
        }
    }

    private static LoadResponse Load(FuzzServer server, LoadRequest request)
    {
        LoadCall call = server.Calls.Loads.Rent();
        call.Read(new(request.ToByteArray()), Caller.Anybody, SpanParent.OfCall);
        FindingException.Unless(call.Refusal is null, $"a stored page cannot be asked for: {call.Refusal?.Message}");
        call.LoadAsync().AsTask().GetAwaiter().GetResult();
        MessageWriter reply = new(new byte[ReplyBytes]);
        call.WriteColumns(ref reply);
        reply.WriteBytes(LoadResponse.ZpagesFieldNumber, call.Batch.Zpages.Span);
        return LoadResponse.Parser.ParseFrom(reply.Written.ToArray());
    }
}
