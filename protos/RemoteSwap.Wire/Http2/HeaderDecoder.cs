using System.Buffers;

namespace RemoteSwap.Wire.Http2;

/// <summary>
/// Reads heads in the compressed form that HTTP/2 has for them (RFC 7541, HPACK).
/// <para>
/// What it is not: a whole reader of that form. It keeps no dynamic table, so it is for an end that announces
/// <see cref="Http2Setting.HeaderTableSize"/> 0 in its first frame. Then the other end may still ask to keep a field,
/// which with a table of no size is a valid way to keep none (section 4.4), but may not refer to one.
/// </para>
/// <para>
/// It has no state, so any number of heads are read at once, and a refused one harms no other. It throws nothing, and
/// takes no more room than <see cref="MostListBytes"/>, which is lent and wiped before it goes back: heads have
/// secrets.
/// </para>
/// </summary>
public static class HeaderDecoder
{
    /// <summary>
    /// The most that a head's fields come to, and so any name or value, unless another bound is given: its bytes once
    /// they are read, and <see cref="FieldBytes"/> for each field.
    /// </summary>
    public const int MostListBytes = 16 << 10;

    /// <summary>What each field counts for beside its name and value (section 4.1).</summary>
    public const int FieldBytes = 32;

    /// <summary>Reads a whole head: what HEADERS and CONTINUATION frames carry, put together.</summary>
    /// <param name="block">The bytes.</param>
    /// <param name="sink">Takes each field as soon as it is read. What it throws passes through.</param>
    /// <param name="mostListBytes">The most that its fields may come to.</param>
    /// <returns>
    /// False: they are malformed, refer to a dynamic table, or come to more than they may. What the
    /// sink has taken by then does not count, and the connection must end (<see cref="Http2Error.Compression"/>).
    /// </returns>
    public static bool TryRead<TSink>(
        ReadOnlySpan<byte> block, ref TSink sink, int mostListBytes = MostListBytes)
        where TSink : IHeaderSink, allows ref struct
    {
        byte[] lent = ArrayPool<byte>.Shared.Rent(mostListBytes);
        HeaderBlockReader reader = new(block, lent.AsSpan(0, mostListBytes));
        try
        {
            if (!reader.TryReadResizes())
            {
                return false;
            }

            int left = mostListBytes;
            while (!reader.IsAtEnd)
            {
                left -= FieldBytes;
                if (!reader.TryReadField(left, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
                {
                    return false;
                }

                left -= name.Length + value.Length;
                sink.Take(name, value);
            }

            return true;
        }
        finally
        {
            lent.AsSpan(0, reader.RoomUsed).Clear();
            ArrayPool<byte>.Shared.Return(lent);
        }
    }
}
