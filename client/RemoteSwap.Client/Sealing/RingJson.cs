using System.Text.Json;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// Key rings as JSON, written and read by hand: no code is generated for it, so that the sources of the library can be
/// compiled with bugs in them as they are.
/// </summary>
internal static class RingJson
{
    private const string Schema = "schema";
    private const string Tenant = "tenant";
    private const string Area = "area";
    private const string Id = "id";
    private const string WrappedUserKey = "wrapped_user_key";
    private const string Keys = "keys";
    private const string Number = "number";
    private const string Created = "created";
    private const string Wrapped = "wrapped";

    /// <summary>Writes a ring.</summary>
    public static void Write(Stream stream, RingDocument ring)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString(Schema, ring.Schema);
        json.WriteString(Tenant, ring.Tenant);
        json.WriteNumber(Area, ring.Area);
        json.WriteString(Id, ring.Id);
        json.WriteString(WrappedUserKey, ring.WrappedUserKey);
        json.WriteStartArray(Keys);
        foreach (RingKeyDocument key in ring.Keys)
        {
            json.WriteStartObject();
            json.WriteNumber(Number, key.Number);
            json.WriteString(Created, key.Created);
            json.WriteBase64String(Wrapped, key.Wrapped);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads a ring.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">A value is missing or no such value.</exception>
    public static RingDocument Read(Stream stream)
    {
        using JsonDocument document = JsonDocument.Parse(stream);
        try
        {
            JsonElement ring = document.RootElement;
            return new RingDocument(
                Text(ring, Schema),
                Text(ring, Tenant),
                ring.GetProperty(Area).GetUInt32(),
                Text(ring, Id),
                ring.GetProperty(WrappedUserKey).GetString(),
                [.. ring.GetProperty(Keys).EnumerateArray().Select(ReadKey)]);
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(wrong.Message, wrong);
        }
    }

    private static RingKeyDocument ReadKey(JsonElement key) => new(
        key.GetProperty(Number).GetInt32(),
        key.GetProperty(Created).GetDateTimeOffset(),
        key.GetProperty(Wrapped).GetBytesFromBase64());

    private static string Text(JsonElement ring, string name) =>
        ring.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");
}
