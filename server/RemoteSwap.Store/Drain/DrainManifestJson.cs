using System.Text.Json.Serialization;

namespace RemoteSwap.Store;

/// <summary>Reads and writes manifests without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DrainManifest))]
internal sealed partial class DrainManifestJson : JsonSerializerContext;
