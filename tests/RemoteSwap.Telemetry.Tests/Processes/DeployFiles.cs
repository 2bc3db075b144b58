namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>The deploy folder of the sources that these tests were built from.</summary>
internal static class DeployFiles
{
    public static string Folder { get; } = System.IO.Path.GetFullPath(BuiltFrom.Get("DeployFolder"));

    public static string Rules => Path("prometheus/remoteswap.rules.yaml");

    public static string RuleTests => Path("prometheus/remoteswap.rules.test.yaml");

    public static string PrometheusConfig => Path("prometheus/prometheus.yml");

    public static IEnumerable<string> Dashboards =>
        Directory.EnumerateFiles(Path("grafana/dashboards"), "*.json").Order(StringComparer.Ordinal);

    public static string Path(string relative) => System.IO.Path.Combine(Folder, relative);

    public static string Read(string relative) => File.ReadAllText(Path(relative));
}
