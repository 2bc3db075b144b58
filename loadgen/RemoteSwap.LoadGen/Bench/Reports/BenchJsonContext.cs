using System.Text.Json.Serialization;
using RemoteSwap.LoadGen.Bench.Reports.Model;

namespace RemoteSwap.LoadGen.Bench.Reports;

/// <summary>
/// Generated code that writes results: names in snake_case, indented, null where there is nothing to say.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJsonContext : JsonSerializerContext;
