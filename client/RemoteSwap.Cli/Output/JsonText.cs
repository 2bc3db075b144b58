using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RemoteSwap.Cli.Output;

/// <summary>Writes documents as JSON text, with generated code only.</summary>
internal static class JsonText
{
    // It is written to terminals, files and pipes and never into a web page, so names may stay readable.
    private static readonly JavaScriptEncoder s_encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The document as text.</summary>
    /// <param name="document">It.</param>
    /// <param name="type">Its generated description.</param>
    /// <param name="isLine">In one line, for documents that follow each other.</param>
    public static string Format<T>(T document, JsonTypeInfo<T> type, bool isLine)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Indented = !isLine, Encoder = s_encoder }))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
