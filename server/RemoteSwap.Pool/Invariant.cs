using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RemoteSwap.Pool;

/// <summary>Checks that are always on, also in release builds. The throwing half is cold.</summary>
public static class Invariant
{
    /// <summary>Checks a rule.</summary>
    /// <exception cref="InvariantViolationException">The rule is broken.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void That([DoesNotReturnIf(false)] bool holds, string rule, ulong value = 0)
    {
        if (!holds)
        {
            Throw(rule, value);
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw(string rule, ulong value) =>
        throw new InvariantViolationException($"invariant broken: {rule} (value {value})");
}
