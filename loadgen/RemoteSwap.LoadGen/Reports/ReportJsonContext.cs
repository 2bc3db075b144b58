using System.Text.Json.Serialization;
using RemoteSwap.LoadGen.Reports.Model;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>
/// Generated code that writes reports: names in snake_case, indented, null where there is nothing to say.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
