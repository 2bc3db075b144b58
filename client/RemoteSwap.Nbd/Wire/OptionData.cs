using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RemoteSwap.Nbd.Wire;

/// <summary>
/// Reads the data of an option from front to back. What does not fit is told, never thrown: the data come from whoever
/// connects.
/// </summary>
internal ref struct OptionData(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding s_strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Whether all has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads 16 bits.</summary>
    public bool TryRead(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    /// <summary>Reads 32 bits.</summary>
    public bool TryRead(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(uint)..];
        return true;
    }

    /// <summary>Reads a length of 32 bits and a string of so many bytes.</summary>
    public bool TryRead([NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!TryRead(out uint length) || length > NbdMagic.MaxStringBytes || length > _rest.Length)
        {
            return false;
        }

        if (!TryDecode(_rest[..(int)length], out value))
        {
            return false;
        }

        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Decodes a string of the wire: UTF-8 without a null, of bounded length.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (bytes.Length > NbdMagic.MaxStringBytes || bytes.Contains((byte)0))
        {
            return false;
        }

        try
        {
            value = s_strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
