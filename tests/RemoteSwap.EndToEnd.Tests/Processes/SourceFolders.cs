using System.Reflection;

namespace RemoteSwap.EndToEnd.Tests.Processes;

/// <summary>Folders of the sources that these tests were built from.</summary>
internal static class SourceFolders
{
    private static readonly string s_project = typeof(SourceFolders).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "ProjectFolder").Value!;

    /// <summary>The node client and its packages.</summary>
    public static string Node { get; } = Path.Combine(s_project, "node");

    /// <summary>The protos.</summary>
    public static string Protos { get; } = Path.GetFullPath(Path.Combine(s_project, "..", "..", "protos"));
}
