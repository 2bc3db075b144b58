using System.Runtime.CompilerServices;

namespace RemoteSwap.Mutants;

/// <summary>Where the sources are: the folder that has the solution file.</summary>
public static class RepositoryRoot
{
    private const string Marker = "RemoteSwap.sln";

    /// <summary>The repository's folder.</summary>
    /// <exception cref="DirectoryNotFoundException">No folder above the tests has the solution file.</exception>
    public static string FullPath { get; } = Find();

    /// <summary>A path below the repository's folder, in the system's notation.</summary>
    /// <param name="relative">The path, with forward slashes.</param>
    public static string Combine(string relative) =>
        Path.GetFullPath(Path.Combine(FullPath, relative.Replace('/', Path.DirectorySeparatorChar)));

    // A build may put its output outside the repository; then the place of this file, or of the caller, tells.
    private static string Find([CallerFilePath] string thisFile = "") =>
        Above(AppContext.BaseDirectory)
        ?? Above(Path.GetDirectoryName(thisFile) ?? string.Empty)
        ?? Above(Environment.CurrentDirectory)
        ?? throw new DirectoryNotFoundException(
            $"no {Marker} above {AppContext.BaseDirectory}, {thisFile} or {Environment.CurrentDirectory}");

    private static string? Above(string folder)
    {
        DirectoryInfo? candidate = folder.Length > 0 ? new DirectoryInfo(folder) : null;
        while (candidate is not null && !File.Exists(Path.Combine(candidate.FullName, Marker)))
        {
            candidate = candidate.Parent;
        }

        return candidate?.FullName;
    }
}
