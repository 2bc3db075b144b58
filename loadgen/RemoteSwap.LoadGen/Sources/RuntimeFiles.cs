using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>Where the files of a computer lie that has .NET: its assemblies, native code and text.</summary>
internal static class RuntimeFiles
{
    /// <summary>
    /// The sources of a run that names no directory: managed code, native code and text, each with its share.
    /// </summary>
    public static IEnumerable<IPageSource> Open(SeededRandom random)
    {
        string root = DotnetRoot();
        yield return new FilePageSource("assemblies of .NET", [root], PageKind.ManagedCode, random);
        yield return new FilePageSource(
            "native code of .NET and the system", [root, "/usr/bin", "/usr/lib"], PageKind.NativeCode, random);
        yield return new FilePageSource("text of .NET and the system", [root, "/usr/share"], PageKind.Text, random);
    }

    // The runtime lies in ROOT/shared/NAME/VERSION; where it does not (published with the program), it is taken alone.
    private static string DotnetRoot()
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd(Path.DirectorySeparatorChar);
        DirectoryInfo? shared = Directory.GetParent(runtime)?.Parent;
        return shared is { Name: "shared", Parent: DirectoryInfo root } ? root.FullName : runtime;
    }
}
