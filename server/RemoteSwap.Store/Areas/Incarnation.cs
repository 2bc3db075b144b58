using System.Security.Cryptography;

namespace RemoteSwap.Store;

/// <summary>
/// A server's life, from start to end; pages in memory end with it.
/// <code>
/// bits 20-63   the time of the start in milliseconds since 1970
/// bits  0-19   random, so that two starts are not the same one even where the clock was set back
/// </code>
/// Epochs of the incarnation count on from its number: a million of them before a later start could give the same.
/// </summary>
/// <param name="Value">The number, not 0.</param>
public readonly record struct Incarnation(ulong Value)
{
    private const int RandomBits = 20;

    /// <summary>Begins one.</summary>
    public static Incarnation Begin(TimeProvider time)
    {
        ulong milliseconds = (ulong)Math.Max(1, time.GetUtcNow().ToUnixTimeMilliseconds());
        return new Incarnation((milliseconds << RandomBits) | (uint)RandomNumberGenerator.GetInt32(1 << RandomBits));
    }

    /// <summary>Begins one that comes after all that is known of earlier ones, also where the clock was set
    /// back.</summary>
    /// <param name="newest">The newest number that a life or an owner had.</param>
    /// <param name="time">The clock.</param>
    public static Incarnation BeginAfter(ulong newest, TimeProvider time) =>
        new(Math.Max(Begin(time).Value, newest + 1));
}
