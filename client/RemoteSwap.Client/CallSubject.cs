using System.Runtime.InteropServices;

namespace RemoteSwap.Client;

/// <summary>What a call is about, for the message should it fail; put into words only then.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Tenant">For which tenant.</param>
/// <param name="Area">In which area, if in one.</param>
/// <param name="Slots">To which slots, if to some.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallSubject(string Verb, string Tenant, uint? Area, ReadOnlyMemory<ulong> Slots)
{
    /// <summary>The subject in words.</summary>
    public override string ToString()
    {
        string where = Area is { } area ? $"tenant '{Tenant}', area {area}" : $"tenant '{Tenant}'";
        return Slots.Length switch
        {
            0 => $"{Verb} ({where})",
            1 => $"{Verb} ({where}, slot {Slots.Span[0]})",
            _ => $"{Verb} ({where}, {Slots.Length} slots from {Slots.Span[0]} to {Slots.Span[^1]})",
        };
    }
}
