using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace RemoteSwap.Store;

/// <summary>
/// The manifest's file: its JSON, then a line with the CRC-32 of that. It is there whole or not at all. Read and
/// written by hand, so that the sources compile without generators, as mutants are.
/// </summary>
internal static class DrainManifestFile
{
    private const int ChecksumLineBytes = 9;

    /// <summary>Writes it, durably.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(string path, DrainManifest manifest)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Indented = true }))
        {
            Write(writer, manifest);
        }

        byte[] bytes = json.ToArray();
        string checksum = string.Create(CultureInfo.InvariantCulture, $"\n{Crc32.HashToUInt32(bytes):x8}");
        DurableFile.Replace(path, [.. bytes, .. Encoding.ASCII.GetBytes(checksum)]).Dispose();
    }

    /// <summary>Reads it.</summary>
    /// <returns>The manifest; null: there is none that can be believed.</returns>
    public static DrainManifest? Read(string path)
    {
        byte[] file = File.Exists(path) ? File.ReadAllBytes(path) : [];
        if (file.Length < ChecksumLineBytes)
        {
            return null;
        }

        ReadOnlyMemory<byte> json = file.AsMemory(0, file.Length - ChecksumLineBytes);
        ReadOnlySpan<byte> checksum = file.AsSpan(json.Length + 1);
        if (!uint.TryParse(checksum, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint expected)
            || Crc32.HashToUInt32(json.Span) != expected)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("version").GetInt32() == DrainManifest.CurrentVersion
                ? Read(document.RootElement)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or FormatException
            or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, DrainManifest manifest)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", manifest.Version);
        writer.WriteNumber("drain", manifest.Drain);
        writer.WriteNumber("incarnation", manifest.Incarnation);
        writer.WriteNumber("images", manifest.Images);
        writer.WriteNumber("elapsedMilliseconds", manifest.ElapsedMilliseconds);
        writer.WriteString("spillFile", manifest.SpillFile.Path);
        writer.WriteString("spillId", manifest.SpillFile.Id);
        writer.WriteStartArray("tenants");
        foreach (DrainedTenant tenant in manifest.Tenants)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tenant.Name);
            writer.WriteNumber("number", tenant.Number);
            writer.WriteNumber("shards", tenant.Shards);
            writer.WriteNumber("images", tenant.Images);
            writer.WriteNumber("frames", tenant.Frames);
            writer.WriteNumber("pages", tenant.Pages);
            writer.WriteNumber("spilledPages", tenant.SpilledPages);
            writer.WriteNumber("lostPages", tenant.LostPages);
            writer.WriteStartArray("areas");
            foreach (uint area in tenant.Areas)
            {
                writer.WriteNumberValue(area);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static DrainManifest Read(JsonElement manifest) => new()
    {
        Drain = manifest.GetProperty("drain").GetUInt64(),
        Incarnation = manifest.GetProperty("incarnation").GetUInt64(),
        Images = manifest.GetProperty("images").GetInt64(),

        // Earlier versions did not write it; only a figure hangs on it.
        ElapsedMilliseconds = manifest.TryGetProperty("elapsedMilliseconds", out JsonElement elapsed)
            ? elapsed.GetInt64()
            : 0,
        SpillFile = manifest.TryGetProperty("spillId", out JsonElement spill)
            ? new SpillIdentity(spill.GetGuid(), manifest.GetProperty("spillFile").GetString() ?? "")
            : SpillIdentity.None,
        Tenants = [.. manifest.GetProperty("tenants").EnumerateArray().Select(ReadTenant)],
    };

    private static DrainedTenant ReadTenant(JsonElement tenant) => new()
    {
        Name = tenant.GetProperty("name").GetString() ?? "",
        Number = tenant.GetProperty("number").GetUInt32(),
        Shards = tenant.GetProperty("shards").GetInt32(),
        Images = tenant.GetProperty("images").GetInt64(),
        Frames = tenant.GetProperty("frames").GetInt64(),
        Pages = tenant.GetProperty("pages").GetInt64(),
        SpilledPages = tenant.GetProperty("spilledPages").GetInt64(),
        LostPages = tenant.GetProperty("lostPages").GetInt64(),
        Areas = [.. tenant.GetProperty("areas").EnumerateArray().Select(area => area.GetUInt32())],
    };
}
