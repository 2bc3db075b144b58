using System.Text.Json;
using RemoteSwap.LoadGen.Reports.Model;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>Writes a report as JSON.</summary>
internal static class JsonReport
{
    /// <summary>The report as one JSON object.</summary>
    public static string Format(RunReport report) =>
        JsonSerializer.Serialize(report, ReportJsonContext.Default.RunReport);
}
