using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RemoteSwap.Codec;

/// <summary>
/// CRC-32 as in zlib, three times as fast as the platform's where the processor multiplies carry-less 32 bytes wide
/// (AMD Zen 3, Intel Ice Lake and later); elsewhere, and for short runs of bytes, the platform's.
/// <para>
/// What it is not: an implementation of CRC-32. It only makes the message shorter: a polynomial times a power of x
/// leaves the same remainder as that power's remainder times the polynomial, so 32 bytes can be folded onto the 32 that
/// come 128 bytes later (Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", Intel 2009).
/// What is left are 16 bytes and the message's tail, whose CRC-32 is the message's, and that one the platform computes.
/// </para>
/// <para>
/// Why here: both ends compute it for every page and every zpage, and on a Load it was a twelfth of all processor time.
/// </para>
/// </summary>
internal static class FoldedCrc32
{
    private const int VectorBytes = 32;
    private const int HalfVectorBytes = 16;
    private const int StepVectors = 4;
    private const int StepBytes = StepVectors * VectorBytes;

    // The rest is long enough for the platform's own vectors, and not longer than it must be.
    private const int MinTailBytes = 48;
    private const int MaxRestBytes = HalfVectorBytes + MinTailBytes + VectorBytes;
    private const int MinBytes = (2 * StepBytes) + MinTailBytes;
    private const int BitsOfByte = 8;

    // The polynomial of CRC-32, its bits reflected: the highest power of x is the lowest bit.
    private const uint Polynomial = 0xEDB8_8320;

    private static readonly Vector256<ulong> s_overStep = Constants(StepBytes);
    private static readonly Vector256<ulong> s_overVector = Constants(VectorBytes);
    private static readonly Vector256<ulong> s_overHalf = Constants(HalfVectorBytes);

    /// <summary>Whether the processor can do it.</summary>
    public static bool IsSupported => Pclmulqdq.V256.IsSupported;

    /// <summary>The CRC-32 of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) =>
        IsSupported && bytes.Length >= MinBytes ? Fold(bytes) : Crc32.HashToUInt32(bytes);

    [SkipLocalsInit]
    private static uint Fold(ReadOnlySpan<byte> bytes)
    {
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        int vectors = (bytes.Length - MinTailBytes) / VectorBytes;

        // CRC-32 begins with all bits set, which is the same as a message whose first four bytes are inverted.
        Vector256<ulong> a = Read(ref start, 0) ^ Vector256.CreateScalar((ulong)uint.MaxValue);
        Vector256<ulong> b = Read(ref start, 1);
        Vector256<ulong> c = Read(ref start, 2);
        Vector256<ulong> d = Read(ref start, 3);
        int next = StepVectors;
        for (; next + StepVectors <= vectors; next += StepVectors)
        {
            a = FoldOnto(a, s_overStep, Read(ref start, next));
            b = FoldOnto(b, s_overStep, Read(ref start, next + 1));
            c = FoldOnto(c, s_overStep, Read(ref start, next + 2));
            d = FoldOnto(d, s_overStep, Read(ref start, next + 3));
        }

        a = FoldOnto(a, s_overVector, b);
        a = FoldOnto(a, s_overVector, c);
        a = FoldOnto(a, s_overVector, d);
        for (; next < vectors; next++)
        {
            a = FoldOnto(a, s_overVector, Read(ref start, next));
        }

        Vector128<ulong> folded = FoldOnto(
            Vector256.Create(a.GetLower(), Vector128<ulong>.Zero),
            s_overHalf,
            Vector256.Create(a.GetUpper(), Vector128<ulong>.Zero)).GetLower();

        // The platform will invert the first four bytes; here that was done already.
        folded ^= Vector128.CreateScalar((ulong)uint.MaxValue);
        Span<byte> rest = stackalloc byte[MaxRestBytes];
        folded.AsByte().CopyTo(rest);
        ReadOnlySpan<byte> tail = bytes[(vectors * VectorBytes)..];
        tail.CopyTo(rest[HalfVectorBytes..]);
        return Crc32.HashToUInt32(rest[..(HalfVectorBytes + tail.Length)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Read(ref byte start, int vector) =>
        Vector256.LoadUnsafe(ref start, (nuint)(vector * VectorBytes)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> FoldOnto(
        Vector256<ulong> vector, Vector256<ulong> distance, Vector256<ulong> target) =>
        Pclmulqdq.V256.CarrylessMultiply(vector, distance, 0x00)
            ^ Pclmulqdq.V256.CarrylessMultiply(vector, distance, 0x11)
            ^ target;

    // What the halves of 16 bytes are multiplied by to be moved over so many bytes. The product of two reflected
    // numbers is one bit short, hence the shift.
    private static Vector256<ulong> Constants(int bytes)
    {
        int bits = bytes * BitsOfByte;
        ulong low = (ulong)Remainder(bits + 32) << 1;
        ulong high = (ulong)Remainder(bits - 32) << 1;
        return Vector256.Create(low, high, low, high);
    }

    // x to a power, modulo the polynomial; reflected.
    private static uint Remainder(int power)
    {
        uint remainder = 1u << 31;
        for (int i = 0; i < power; i++)
        {
            remainder = (remainder >> 1) ^ ((remainder & 1) == 0 ? 0 : Polynomial);
        }

        return remainder;
    }
}
