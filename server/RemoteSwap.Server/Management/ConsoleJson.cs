using System.Text.Json.Serialization;

namespace RemoteSwap.Server.Management;

/// <summary>Generated code that writes the console's documents: names in snake_case.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ConsoleFigures))]
[JsonSerializable(typeof(ConsoleFrames))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
