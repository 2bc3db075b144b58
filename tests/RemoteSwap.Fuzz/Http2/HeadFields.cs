using System.Text;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// All fields of the heads of one side, by name; several of a name in their order. HPACK itself is production's here:
/// it has judges of its own.
/// </summary>
internal sealed class HeadFields : IHeaderSink
{
    private readonly Dictionary<string, List<string>> _fields = new(StringComparer.Ordinal);

    /// <summary>Fields so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of them, as HTTP/2 counts.</summary>
    public int Bytes { get; private set; }

    public bool TryRead(ReadOnlySpan<byte> block)
    {
        HeadFields self = this;
        return HeaderDecoder.TryRead(block, ref self);
    }

    public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Count++;
        Bytes += name.Length + value.Length + 32;
        string key = Encoding.Latin1.GetString(name);
        if (!_fields.TryGetValue(key, out List<string>? values))
        {
            _fields[key] = values = [];
        }

        values.Add(Encoding.Latin1.GetString(value));
    }

    /// <summary>The last of a name; null: there is none.</summary>
    public string? Last(string name) => _fields.TryGetValue(name, out List<string>? values) ? values[^1] : null;

    /// <summary>How many there are of a name.</summary>
    public int CountOf(string name) => _fields.TryGetValue(name, out List<string>? values) ? values.Count : 0;
}
