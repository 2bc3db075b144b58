using System.Numerics;
using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen;

/// <summary>
/// Random numbers that a seed repeats on every machine and .NET version (SplitMix64). Not for secrets. Used by one
/// thread;
/// <see cref="Fork"/> gives others their own.
/// </summary>
internal sealed class SeededRandom
{
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15;

    private ulong _state;

    /// <summary>Starts at a seed.</summary>
    public SeededRandom(ulong seed) => _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += Gamma;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Next(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A number from 0 to just below 1.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Fills with random bytes.</summary>
    public void Fill(Span<byte> bytes)
    {
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            word = Next();
        }

        int rest = bytes.Length % sizeof(ulong);
        ulong last = Next();
        for (int i = bytes.Length - rest; i < bytes.Length; i++)
        {
            bytes[i] = (byte)last;
            last = BitOperations.RotateRight(last, 8);
        }
    }

    /// <summary>Puts items in a random order.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A generator of its own, for another purpose or worker.</summary>
    public SeededRandom Fork() => new(Next());
}
