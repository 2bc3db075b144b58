using Google.Protobuf;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>
/// Messages that are read by hand, of both ends: the first byte says which kind, the second in what pieces the bytes
/// lie. Where the generated code can read a message too, both have to have read the same.
/// </summary>
internal sealed class WireTarget : IFuzzTarget
{
    private const int Kinds = 9;

    public string Name => "wire";

    public IEnumerable<(string Name, byte[] Input)> Seeds()
    {
        yield return ("store", [0, 0, .. WireSeeds.Store().ToByteArray()]);
        yield return ("store-pieces", [0, 7, .. WireSeeds.Store().ToByteArray()]);
        yield return ("store-encode", [0, 100, .. WireSeeds.Store(encode: true).ToByteArray()]);
        yield return ("load", [1, 0, .. WireSeeds.Load().ToByteArray()]);
        yield return ("invalidate", [2, 0, .. WireSeeds.Invalidate().ToByteArray()]);
        yield return ("ping", [3, 3, .. WireSeeds.Ping().ToByteArray()]);
        yield return ("exchange-store", [4, 0, .. WireSeeds.Request(1, WireSeeds.Store()).ToByteArray()]);
        byte[] stream =
        [
            .. WireSeeds.Frame(WireSeeds.Request(1, WireSeeds.Store())),
            .. WireSeeds.Frame(new ExchangeRequest { RequestId = 2, Load = WireSeeds.Load() }),
            .. WireSeeds.Frame(new ExchangeRequest { RequestId = 3, Ping = WireSeeds.Ping() }),
            .. WireSeeds.Frame(new ExchangeRequest { RequestId = 4, Invalidate = WireSeeds.Invalidate() }),
        ];
        yield return ("stream", [5, 0, .. stream]);
        yield return ("stream-pieces", [5, 33, .. stream]);
        yield return ("loaded", [6, 0, .. WireSeeds.Loaded().ToByteArray()]);
        yield return ("loaded-pieces", [6, 5, .. WireSeeds.Loaded().ToByteArray()]);
        InvalidateResponse outcomes = new()
        {
            Outcomes = { V1.InvalidateOutcome.Invalidated, V1.InvalidateOutcome.NotFound },
            RangePages = 3,
            RangesFenced = true,
        };
        yield return ("outcomes", [7, 0, .. outcomes.ToByteArray()]);
        ExchangeWelcome welcome = new() { MaxRequests = 64, MaxBytes = 8 << 20, Incarnation = 1UL << 60 };
        yield return ("welcome", [8, 0, .. new ExchangeResponse { Welcome = welcome }.ToByteArray()]);
        ExchangeFailure failure = new() { Code = 3, Message = "slots: is empty" };
        yield return ("failure", [8, 1, .. new ExchangeResponse { RequestId = 9, Failure = failure }.ToByteArray()]);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        byte[] message = input[2..].ToArray();
        int piece = input[1];
        switch (input[0] % Kinds)
        {
            case 0:
                StoreJudge.Judge(message, piece);
                break;
            case 1:
                RequestJudge.Load(message, piece);
                break;
            case 2:
                RequestJudge.Invalidate(message, piece);
                break;
            case 3:
                RequestJudge.Ping(message, piece);
                break;
            case 4:
                RequestJudge.Exchange(message, piece);
                break;
            case 5:
                StreamJudge.Judge(message, piece);
                break;
            case 6:
                ReplyJudge.Pages(message, piece);
                break;
            case 7:
                ReplyJudge.Outcomes(message, piece);
                break;
            default:
                ReplyJudge.Envelope(message, piece);
                break;
        }
    }
}
