namespace RemoteSwap.Fuzz.Http2;

/// <summary>Orderly conversations, and ends of all kinds.</summary>
internal static class Http2Seeds
{
    private const int Wide = 100_000;

    private static readonly byte[] s_head = Head(FrameBytes.EndHeaders, Block());

    private static readonly byte[] s_trailers =
        Head(FrameBytes.EndHeaders | FrameBytes.EndStream, FrameBytes.Block(("grpc-status", "0")));

    private static readonly byte[] s_request = Head(FrameBytes.EndHeaders, ServerRun.PlainBlock);

    /// <summary>What servers say.</summary>
    public static IEnumerable<(string Name, byte[] Input)> OfServers()
    {
        byte[] settings = FrameBytes.Settings((1, 0), (3, 1), (4, 1 << 20), (5, 128 << 10));
        byte[] opening = [.. settings, .. FrameBytes.Number(8, 0, Wide), .. FrameBytes.Frame(4, 1, 0), .. s_head];
        byte[] welcome = FrameBytes.Data(0, FrameBytes.Message(12));
        byte[] replies = [.. welcome, .. FrameBytes.Data(0, [.. FrameBytes.Message(40), .. FrameBytes.Message(0)])];
        byte[] cut = FrameBytes.Message(300);
        byte[] block = Block();
        yield return ("replies", [0, 0, .. opening, .. replies, .. s_trailers]);
        yield return ("replies-pieces", [2, 7, .. opening, .. replies, .. s_trailers]);
        yield return ("written", [4, 0, .. opening, .. replies, .. s_trailers]);
        yield return ("written-large",
            [6, 100, .. opening, .. FrameBytes.Number(8, 1, Wide), .. replies, .. s_trailers]);
        yield return ("starved", [6, 50, .. FrameBytes.Settings((4, 100)), .. s_head, .. replies]);
        yield return ("padding", [0, 0, .. opening, .. Padded(FrameBytes.Message(20)), .. s_trailers]);
        yield return ("continuation",
        [
            0, 5, .. settings, .. Head(0, block.AsSpan(0, 3)), .. FrameBytes.Frame(9, 0, 1, block.AsSpan(3, 4)),
            .. FrameBytes.Frame(9, FrameBytes.EndHeaders, 1, block.AsSpan(7)), .. replies, .. s_trailers,
        ]);
        yield return ("priority",
        [
            0, 0, .. settings,
            .. Head(
                FrameBytes.EndHeaders | FrameBytes.Priority | FrameBytes.Padded, [2, 0, 0, 0, 0, 9, .. block, 0, 0]),
            .. FrameBytes.Frame(2, 0, 1, 0, 0, 0, 0, 1), .. welcome,
        ]);
        yield return ("pings", [0, 0, .. opening, .. FrameBytes.Ping(1), .. welcome, .. FrameBytes.Ping(9, true)]);
        yield return ("reset", [0, 0, .. opening, .. welcome, .. FrameBytes.Number(3, 1, 8)]);
        yield return ("go-away",
            [0, 0, .. opening, .. FrameBytes.GoAway(1, 0), .. welcome, .. FrameBytes.GoAway(0, 11)]);
        yield return ("message-of-frames",
        [
            0, 0, .. opening, .. FrameBytes.Data(0, cut.AsSpan(0, 3)), .. FrameBytes.Data(0, cut.AsSpan(3, 100)),
            .. FrameBytes.Data(0), .. FrameBytes.Data(0, [.. cut[103..], .. FrameBytes.Message(2)]), .. s_trailers,
        ]);
        yield return ("prefixes-cut",
        [
            0, 0, .. opening, .. FrameBytes.Data(0, cut.AsSpan(0, 2)), .. FrameBytes.Data(0, cut.AsSpan(2)),
            .. FrameBytes.Data(0, 0, 0, 0, 0), .. FrameBytes.Data(0, 2, 7, 8), .. s_trailers,
        ]);
        yield return ("widened", [0, 0, .. opening, .. FrameBytes.Number(8, 1, int.MaxValue), .. welcome]);
        yield return ("too-large", [0, 0, .. opening, .. FrameBytes.Data(0, 0, 1, 0, 0, 0, 1, 2, 3), .. welcome]);
        yield return ("too-large-cut",
            [0, 0, .. opening, .. FrameBytes.Data(0, 0, 1, 0), .. FrameBytes.Data(0, 0, 0, 1), .. welcome]);
        yield return ("compressed", [0, 0, .. opening, .. FrameBytes.Data(0, 1, 0, 0, 0, 1, 5), .. welcome]);
        yield return ("not-grpc",
        [
            0, 0, .. settings, .. Head(FrameBytes.EndHeaders, FrameBytes.Block((":status", "100"))),
            .. Head(FrameBytes.EndHeaders, FrameBytes.Block((":status", "404"), ("content-type", "text/html"))),
            .. FrameBytes.Data(FrameBytes.EndStream, "<html>"u8),
        ]);
        yield return ("ended-within", [0, 0, .. opening, .. FrameBytes.Data(1, cut.AsSpan(0, 200))]);
    }

    /// <summary>What clients say.</summary>
    public static IEnumerable<(string Name, byte[] Input)> OfClients()
    {
        byte[] opening = [.. FrameBytes.Settings((4, 4 << 20), (5, 128 << 10)), .. FrameBytes.Number(8, 0, Wide)];
        byte[] body = [.. FrameBytes.Data(0, FrameBytes.Message(30)), .. FrameBytes.Data(0, FrameBytes.Message(7))];
        byte[] whole = [.. opening, .. s_request, .. body, .. FrameBytes.Data(FrameBytes.EndStream)];
        byte[] pings = [.. FrameBytes.Ping(1), .. FrameBytes.Ping(2), .. FrameBytes.Ping(3), .. FrameBytes.Ping(4)];
        yield return ("request", [1, 0, .. whole]);
        yield return ("request-pieces", [1, 5, .. whole]);
        yield return ("request-echo", [3, 0, .. whole]);
        yield return ("request-slow", [7, 60, .. pings, .. pings, .. whole, .. pings, .. pings]);
        yield return ("request-cut", [1, 50, .. opening, .. s_request, .. body]);
        yield return ("request-padding",
            [3, 0, .. s_request, .. Padded(FrameBytes.Message(20)), .. FrameBytes.Data(1, 9)]);
        yield return ("request-priority",
        [
            1, 0, .. Head(FrameBytes.EndHeaders | FrameBytes.Priority, [0, 0, 0, 0, 9, .. ServerRun.PlainBlock]),
            .. FrameBytes.Frame(2, 0, 1, 0, 0, 0, 0, 1), .. body,
        ]);
        yield return ("request-length",
        [
            1, 0,
            .. Head(FrameBytes.EndHeaders, [.. ServerRun.PlainBlock, .. FrameBytes.Block(("content-length", "3"))]),
            .. FrameBytes.Data(FrameBytes.EndStream, 1, 2, 3),
        ]);
        yield return ("request-reset",
            [3, 0, .. opening, .. s_request, .. body, .. FrameBytes.Number(3, 1, 8), .. pings]);
        yield return ("request-go-away", [1, 0, .. opening, .. s_request, .. FrameBytes.GoAway(0, 0), .. body]);
        yield return ("request-narrow",
        [
            3, 40, .. FrameBytes.Settings((4, 3)), .. s_request, .. body, .. FrameBytes.Number(8, 1, 20),
            .. FrameBytes.Settings((4, 1)), .. FrameBytes.Number(8, 1, 100), .. FrameBytes.Data(FrameBytes.EndStream),
        ]);
        yield return ("request-second", [1, 0, .. whole, .. FrameBytes.Frame(1, 5, 3, ServerRun.PlainBlock)]);
        yield return ("request-none", [1, 0, .. Head(5, FrameBytes.Block((":method", "GET"))), .. pings]);
    }

    private static byte[] Block() => FrameBytes.Block((":status", "200"), ("content-type", "application/grpc"));

    private static byte[] Head(int flags, params ReadOnlySpan<byte> block) => FrameBytes.Frame(1, flags, 1, block);

    private static byte[] Padded(byte[] content) => FrameBytes.Data(FrameBytes.Padded, [3, .. content, 0, 0, 0]);
}
