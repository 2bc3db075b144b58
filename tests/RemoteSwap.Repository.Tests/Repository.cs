using RemoteSwap.Mutants;

namespace RemoteSwap.Repository.Tests;

/// <summary>The files of the repository, as git would commit them.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["bin", "obj", "node_modules", "artifacts", ".git", "TestResults"];

    /// <summary>The folder that holds RemoteSwap.sln.</summary>
    public static string Root { get; } = RepositoryRoot.Combine(".");

    /// <summary>All files that are not built, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !path.Split('/').Any(Built.Contains))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>C# files written by hand.</summary>
    public static IEnumerable<string> Sources => Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));
}
