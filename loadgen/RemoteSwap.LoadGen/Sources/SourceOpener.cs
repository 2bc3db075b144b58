using System.Diagnostics.CodeAnalysis;
using RemoteSwap.LoadGen.Options;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>Opens the sources that the command line names.</summary>
internal static class SourceOpener
{
    /// <summary>Opens all sources; memory first, so that it is looked up before buffers are made.</summary>
    /// <exception cref="SourceUnavailableException">One can not be read; none stays open.</exception>
    public static IReadOnlyList<IPageSource> Open(IEnumerable<SourceSpec> specs, SeededRandom random)
    {
        List<IPageSource> sources = [];
        bool opened = false;
        try
        {
            foreach (SourceSpec spec in specs.OrderBy(spec => spec.Kind is not (SourceKind.Self or SourceKind.Process)))
            {
                sources.AddRange(Open(spec, random));
            }

            opened = true;
            return sources;
        }
        finally
        {
            if (!opened)
            {
                sources.ForEach(source => source.Dispose());
            }
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller's list takes the sources over.")]
    private static IEnumerable<IPageSource> Open(SourceSpec spec, SeededRandom random) => spec.Kind switch
    {
        SourceKind.Self => [ProcessMemorySource.OpenSelf()],
        SourceKind.Process => [ProcessMemorySource.Open(spec.ProcessId)],
        SourceKind.Synthetic => [new SyntheticPageSource(spec.Ratio, random.Fork())],
        _ when spec.Directory is null => RuntimeFiles.Open(random.Fork()),
        _ when Directory.Exists(spec.Directory) =>
            [new FilePageSource(spec.ToString(), [spec.Directory], only: null, random.Fork())],
        _ => throw new SourceUnavailableException(
            $"--source {spec}: there is no such directory. Give an existing one, or 'files' for the files of .NET.",
            isPermission: false),
    };
}
