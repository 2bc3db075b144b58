using System.Text.Json.Serialization;

namespace RemoteSwap.LoadGen.Chaos.Reports;

/// <summary>How chaos reports are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ChaosReport))]
internal sealed partial class ChaosJsonContext : JsonSerializerContext;
