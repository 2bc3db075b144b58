using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace RemoteSwap.Store;

/// <summary>
/// The manifest's file: its JSON, then a line with the CRC-32 of that. It is there whole or not at all.
/// </summary>
internal static class DrainManifestFile
{
    private const int ChecksumLineBytes = 9;

    /// <summary>Writes it, durably.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(string path, DrainManifest manifest)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(manifest, DrainManifestJson.Default.DrainManifest);
        string checksum = string.Create(CultureInfo.InvariantCulture, $"\n{Crc32.HashToUInt32(json):x8}");
        DurableFile.Replace(path, [.. json, .. Encoding.ASCII.GetBytes(checksum)]).Dispose();
    }

    /// <summary>Reads it.</summary>
    /// <returns>The manifest; null: there is none that can be believed.</returns>
    public static DrainManifest? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] file = File.ReadAllBytes(path);
        if (file.Length < ChecksumLineBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> json = file.AsSpan(0, file.Length - ChecksumLineBytes);
        ReadOnlySpan<byte> checksum = file.AsSpan(json.Length + 1);
        if (!uint.TryParse(checksum, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint expected)
            || Crc32.HashToUInt32(json) != expected)
        {
            return null;
        }

        try
        {
            DrainManifest? manifest = JsonSerializer.Deserialize(json, DrainManifestJson.Default.DrainManifest);
            return manifest?.Version == DrainManifest.CurrentVersion ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
