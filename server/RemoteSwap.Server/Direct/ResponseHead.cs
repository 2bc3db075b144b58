using System.Buffers;
using System.Text;
using Microsoft.Extensions.Primitives;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>Writes the head of a response, and its trailers, as blocks of HEADERS frames; once a call each.</summary>
internal static class ResponseHead
{
    // No table is used, which a client that has announced a smaller one is told first (RFC 7541, section 4.2).
    private const byte NoTable = 0x20;
    private const int MaxFieldOverhead = 16;

    private static readonly SearchValues<string> s_ofConnection = SearchValues.Create(
        ["Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes a head.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="saysNoTable">Whether to say that no table is used.</param>
    /// <exception cref="InvalidOperationException">A field has what no field may have.</exception>
    public static byte[] Write(int status, IHeaderDictionary fields, bool saysNoTable)
    {
        byte[] room = new byte[RoomFor(fields)];
        int first = saysNoTable ? 1 : 0;
        room[0] = NoTable;
        HeaderEncoder encoder = new(room.AsSpan(first));
        encoder.TryWrite(":status"u8, Encoding.ASCII.GetBytes(status.ToString()));
        Write(ref encoder, fields);
        return room[..(first + encoder.Length)];
    }

    /// <summary>Writes trailers.</summary>
    /// <exception cref="InvalidOperationException">A field has what no field may have.</exception>
    public static byte[] WriteTrailers(IHeaderDictionary fields)
    {
        byte[] room = new byte[RoomFor(fields)];
        HeaderEncoder encoder = new(room);
        Write(ref encoder, fields);
        return room[..encoder.Length];
    }

    private static int RoomFor(IHeaderDictionary fields)
    {
        int bytes = 2 * MaxFieldOverhead;
        foreach ((string name, StringValues values) in fields)
        {
            foreach (string? value in values)
            {
                bytes += name.Length + (value?.Length ?? 0) + MaxFieldOverhead;
            }
        }

        return bytes;
    }

    private static void Write(ref HeaderEncoder encoder, IHeaderDictionary fields)
    {
        foreach ((string name, StringValues values) in fields)
        {
            if (s_ofConnection.Contains(name))
            {
                continue;
            }

            byte[] lower = Bytes(name.ToLowerInvariant(), name);
            foreach (string? value in values)
            {
                if (value is not null)
                {
                    encoder.TryWrite(lower, Bytes(value, name));
                }
            }
        }
    }

    private static byte[] Bytes(string text, string name) =>
        !text.AsSpan().Trim('\t').ContainsAnyExceptInRange(' ', '~')
            ? Encoding.ASCII.GetBytes(text)
            : throw new InvalidOperationException($"the response's {name} has a character that no field may have");
}
