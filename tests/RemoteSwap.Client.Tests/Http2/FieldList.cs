using System.Text;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Keeps the fields of a head as text, "name: value", of which each character is a byte.</summary>
internal readonly struct FieldList() : IHeaderSink
{
    public List<string> Fields { get; } = [];

    public static string Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        $"{Encoding.Latin1.GetString(name)}: {Encoding.Latin1.GetString(value)}";

    /// <summary>Reads a head; null: it is refused.</summary>
    public static List<string>? Read(ReadOnlySpan<byte> block)
    {
        FieldList list = new();
        return HeaderDecoder.TryRead(block, ref list) ? list.Fields : null;
    }

    public void Take(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value) => Fields.Add(Line(name, value));
}
