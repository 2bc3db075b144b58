using System.Buffers.Text;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>The name of a blob on a key-value server: a number, always as long.</summary>
internal static class BlobKey
{
    /// <summary>Bytes of a name.</summary>
    public const int Bytes = 10;

    /// <summary>Writes a name.</summary>
    public static void Write(Span<byte> target, int key) =>
        Utf8Formatter.TryFormat(key, target, out _, new System.Buffers.StandardFormat('D', Bytes));
}
