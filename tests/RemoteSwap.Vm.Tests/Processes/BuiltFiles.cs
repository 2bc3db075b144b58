using System.Reflection;

namespace RemoteSwap.Vm.Tests.Processes;

/// <summary>Files of the repository that these tests were built from.</summary>
internal static class BuiltFiles
{
    private static readonly string s_project = Metadata("ProjectFolder");

    /// <summary>The script that makes the guest.</summary>
    public static string PrepareScript { get; } = Path.Combine(s_project, "guest", "prepare.sh");

    /// <summary>Where results of comparisons go; git ignores it.</summary>
    public static string Artifacts { get; } = Path.GetFullPath(Path.Combine(s_project, "..", "..", "artifacts"));

    /// <summary>The program with the swap device.</summary>
    public static string Device { get; } = Path.GetFullPath(Path.Combine(
        s_project, "..", "..", "client", "RemoteSwap.Cli", "bin", Metadata("Configuration"), "net10.0",
        "remoteswap.dll"));

    private static string Metadata(string key) => typeof(BuiltFiles).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;
}
