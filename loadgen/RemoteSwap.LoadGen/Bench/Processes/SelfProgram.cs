using System.Reflection;
using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>How this program is started once more.</summary>
internal static class SelfProgram
{
    /// <summary>
    /// The program and its first arguments: it is a library that the dotnet command runs, or, if it was published as
    /// one file, this very process.
    /// </summary>
    public static IReadOnlyList<string> Command()
    {
        string library = Path.Combine(
            AppContext.BaseDirectory, Assembly.GetExecutingAssembly().GetName().Name + ".dll");
        string dotnet = Path.GetFullPath(Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(),
            "../../..",
            OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(library) && File.Exists(dotnet)
            ? [dotnet, "exec", library]
            : [Environment.ProcessPath!];
    }
}
