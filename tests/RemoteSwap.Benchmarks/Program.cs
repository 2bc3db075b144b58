using BenchmarkDotNet.Running;

namespace RemoteSwap.Benchmarks;

/// <summary>
/// Runs benchmarks by BenchmarkDotNet's own arguments (--filter '*', --list flat, ...). One argument is ours: --quick,
/// which measures everything in a few minutes with fewer and shorter iterations.
/// </summary>
public static class Program
{
    private const string Quick = "--quick";

    public static int Main(string[] arguments)
    {
        bool quick = arguments.Contains(Quick, StringComparer.Ordinal);
        string[] others = [.. arguments.Where(argument => argument != Quick)];
        bool failed = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
            .Run(others, BenchmarkConfiguration.Create(quick))
            .Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success));
        return failed ? 1 : 0;
    }
}
