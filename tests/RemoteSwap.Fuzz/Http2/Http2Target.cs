using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// HTTP/2 as it is read by hand, both ends: the first byte says which and what it does meanwhile, the second in what
/// pieces the bytes arrive, the rest is what the other end says (a server: all of it; a client: what follows its
/// preface and its promise of a single stream).
/// </summary>
internal sealed class Http2Target : IFuzzTarget
{
    private const int OfClient = 1;

    // Of the server.
    private const int Echo = 2;
    private const int Slow = 4;

    // Of the client: which message it sends, if any.
    private static readonly int[] s_written = [-1, 0, 1000, 70_000];

    private static readonly byte[] s_promise = FrameBytes.Settings((0xF5A1, 1));

    public string Name => "http2";

    public IEnumerable<(string Name, byte[] Input)> Seeds() => Http2Seeds.OfServers().Concat(Http2Seeds.OfClients());

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        int mode = input[0];
        int piece = input[1];
        byte[] script = input[2..].ToArray();
        if ((mode & OfClient) == 0)
        {
            ClientRun.Judge(script, input[1], s_written[(mode >> 1) & 3]);
        }
        else
        {
            // In the pool, where the server would go to begin a call: so that all of it is done when this is.
            Task.Run(() => ServerRun.Judge([.. s_promise, .. script], piece, (mode & Echo) != 0, (mode & Slow) != 0))
                .GetAwaiter().GetResult();
        }
    }
}
