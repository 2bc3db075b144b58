namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>What is not installed skips a test, unless skipping is forbidden: then it fails.</summary>
internal static class Requirement
{
    private const string NoSkip = "TESTS_NO_SKIP";

    /// <summary>Whether the programs of Debian's package "prometheus" are there.</summary>
    public static bool HasPrometheus { get; } = IsThere("prometheus") && IsThere("promtool");

    /// <summary>Goes on only with them.</summary>
    public static void Prometheus()
    {
        if (HasPrometheus)
        {
            return;
        }

        const string Reason = "prometheus and promtool are not installed";
        if (Environment.GetEnvironmentVariable(NoSkip) == "1")
        {
            Assert.Fail($"{Reason} ({NoSkip} is set, so this may not be skipped)");
        }

        Assert.Skip(Reason);
    }

    private static bool IsThere(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
