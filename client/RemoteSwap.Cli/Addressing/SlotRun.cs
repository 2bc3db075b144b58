using System.Globalization;
using System.Runtime.InteropServices;

namespace RemoteSwap.Cli.Addressing;

/// <summary>A slot, or a run of slots, as given: <c>5</c> or <c>10-20</c>, both ends included.</summary>
/// <param name="First">The first slot.</param>
/// <param name="Count">How many, at least 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SlotRun(ulong First, ulong Count)
{
    /// <summary>What may be given, for messages.</summary>
    public const string Allowed = "a slot such as 5, or a run of slots such as 10-20, lower one first";

    // Far beyond any area, and no sum of two overflows.
    private const ulong MaxSlot = 1UL << 62;

    /// <summary>Reads a slot or a run.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out SlotRun run)
    {
        run = default;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        string last = dash < 0 ? text : text[(dash + 1)..];
        if (!TryParseSlot(dash < 0 ? text : text[..dash], out ulong from)
            || !TryParseSlot(last, out ulong to)
            || to < from)
        {
            return false;
        }

        run = new SlotRun(from, to - from + 1);
        return true;
    }

    /// <summary>Reads one slot.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParseSlot(string text, out ulong slot) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out slot) && slot <= MaxSlot;

    /// <summary>The run as one writes it.</summary>
    public override string ToString() => Count == 1 ? $"{First}" : $"{First}-{First + Count - 1}";
}
