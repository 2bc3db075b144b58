namespace RemoteSwap.Otlp;

/// <summary>
/// Whether the environment names a collector. Apart from what exports, so that a program that does not export loads
/// nothing of that: it would start later.
/// </summary>
internal static class CollectorVariables
{
    private static readonly string[] s_names =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Whether a collector is named, for any signal.</summary>
    /// <param name="variable">Reads a variable.</param>
    public static bool AreSet(Func<string, string?> variable) =>
        Array.Exists(s_names, name => !string.IsNullOrEmpty(variable(name)));
}
