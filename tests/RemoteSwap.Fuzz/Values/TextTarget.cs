using System.Text;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Server.Options;
using RemoteSwap.Units;

namespace RemoteSwap.Fuzz.Values;

/// <summary>
/// Values that people write: sizes, times, slots, addresses, URIs. The first byte says which. None of them may end in
/// an exception, what is taken is within its range, and what is printed again means the same.
/// </summary>
internal sealed class TextTarget : IFuzzTarget
{
    private const int Kinds = 5;
    private const ulong MaxSlot = 1UL << 62;

    private static readonly TimeSpan s_longest = TimeSpan.FromHours(168);

    public string Name => "texts";

    public IEnumerable<(string Name, byte[] Input)> Seeds()
    {
        yield return Seed("size", 0, "1.5GiB");
        yield return Seed("size-plain", 0, "4096");
        yield return Seed("size-large", 0, "4194304TiB");
        yield return Seed("time", 1, "250ms");
        yield return Seed("time-hours", 1, "1.5h");
        yield return Seed("slots", 2, "10-20");
        yield return Seed("address", 3, "[::1]:7420");
        yield return Seed("address-unix", 3, "unix:/run/remoteswap.sock");
        yield return Seed("uri", 4, "remoteswap://host.example:7420/vm%207");
        yield return Seed("uri-unix", 4, "remoteswap+unix:///vm7?socket=/run/remote%20swap.sock");
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        string text = Encoding.UTF8.GetString(input[1..]);
        switch (input[0] % Kinds)
        {
            case 0:
                JudgeSize(text);
                break;
            case 1:
                FindingException.Unless(
                    !DurationText.TryParse(text, out TimeSpan time) || (time > TimeSpan.Zero && time <= s_longest),
                    $"a time of {time}");
                break;
            case 2:
                FindingException.Unless(
                    !SlotRun.TryParse(text, out SlotRun run)
                    || (run.Count >= 1 && run.First <= MaxSlot && run.Count - 1 <= MaxSlot - run.First),
                    $"a run of {run.Count} slots from {run.First}");
                break;
            case 3:
                JudgeAddress(text);
                break;
            default:
                JudgeUri(text);
                break;
        }
    }

    private static (string Name, byte[] Input) Seed(string name, byte kind, string text) =>
        (name, [kind, .. Encoding.UTF8.GetBytes(text)]);

    private static void JudgeSize(string text)
    {
        if (ByteSize.TryParse(text, out ByteSize size))
        {
            FindingException.Unless(size.Bytes is >= 0 and <= 1L << 62, $"a size of {size.Bytes} bytes");

            // It is printed with two decimals.
            FindingException.Unless(
                ByteSize.TryParse(size.ToString(), out ByteSize again)
                && Math.Abs((double)again.Bytes - size.Bytes) <= size.Bytes * 0.006,
                $"a size is printed as {size}");
        }
    }

    private static void JudgeAddress(string text)
    {
        if (ListenAddress.TryParse(text, out ListenAddress? address))
        {
            FindingException.Unless(
                ListenAddress.TryParse(address.ToString(), out ListenAddress? again) && again == address,
                $"an address is printed as {address}");
        }
    }

    private static void JudgeUri(string text)
    {
        if (ServerUri.TryParse(text, out ServerUri? server, out string? problem))
        {
            FindingException.Unless(
                ServerUri.TryParse(server.ToString(), out ServerUri? again, out problem)
                && again.Address == server.Address && again.Tenant == server.Tenant,
                $"a URI is printed as {server}, which {problem}");
        }
        else
        {
            FindingException.Unless(problem.Length > 0, "a URI is refused without a word");
        }
    }
}
