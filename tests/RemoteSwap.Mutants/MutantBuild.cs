using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace RemoteSwap.Mutants;

/// <summary>
/// Puts a bug into production sources and asks a test whether it notices.
/// <para>
/// Production folders and the test sources that drive them are compiled into one assembly in memory, with the mutant's
/// edits applied, and one method of it is run in a process of its own. A method that throws has killed the mutant.
/// So no production file has a switch for tests, and a test is judged by the very code it is for.
/// </para>
/// <para>
/// What it is not: a generator of mutants. Each is written by hand and says which bug it is. The trade-off: a mutant
/// names exact text, so it has to follow the source; text that is not found exactly once is an error, never a pass.
/// </para>
/// <para>Thread-safe. A first build costs about a second, each further one some tenths.</para>
/// </summary>
public sealed class MutantBuild
{
    private const string ControlName = "control";
    private const int MaxErrorsShown = 10;

    // One name for all: the compiler reads the referenced assemblies anew for another one.
    private const string AssemblyName = "RemoteSwap.Mutated";

    private static readonly string[] PlatformAssemblies =
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static readonly Dictionary<string, MetadataReference> References = PlatformAssemblies
        .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key,
            group => (MetadataReference)MetadataReference.CreateFromFile(group.First()),
            StringComparer.Ordinal);

    private readonly SourceSet _sources;
    private readonly CSharpCompilation _unchanged;
    private readonly Lazy<byte[]> _control;

    /// <summary>Prepares a build.</summary>
    /// <param name="productionFolders">Folders below the repository, with forward slashes:
    /// <c>server/RemoteSwap.Pool</c>.</param>
    /// <param name="testSources">Test files or folders below the repository that are compiled in too.</param>
    /// <param name="rewrite">
    /// Changes each source, by path and text, before anything else; null: nothing is changed. An edit has to fit what
    /// it returns.
    /// </param>
    public MutantBuild(
        IEnumerable<string> productionFolders,
        IEnumerable<string> testSources,
        Func<string, string, string>? rewrite = null)
    {
        string[] paths = [.. productionFolders, .. testSources];
        _sources = new SourceSet(paths, rewrite);

        // What is compiled in must not be referenced as well. Projects are named as their folders.
        HashSet<string> compiledIn = [.. paths.SelectMany(path => path.Split('/'))];
        _unchanged = CSharpCompilation.Create(
            AssemblyName,
            _sources.Trees,
            References.Where(reference => !compiledIn.Contains(reference.Key)).Select(reference => reference.Value),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                concurrentBuild: false,
                warningLevel: 0,
                nullableContextOptions: NullableContextOptions.Enable));
        _control = new Lazy<byte[]>(() => Compile(new Mutant(ControlName)));
    }

    /// <summary>Runs a test on the sources as they are: it has to survive, or the mutants say nothing.</summary>
    /// <inheritdoc cref="Run"/>
    public MutantOutcome RunControl(string typeName, string methodName, params object?[] arguments) =>
        RunApart(ControlName, _control.Value, typeName, methodName, arguments);

    /// <summary>Runs a test on the sources with a bug in them.</summary>
    /// <param name="mutant">The bug.</param>
    /// <param name="typeName">Full name of the test class; it needs no public constructor, but one without
    /// arguments.</param>
    /// <param name="methodName">The method, static or not; a task that it returns is waited for.</param>
    /// <param name="arguments">The method's arguments: numbers, enums, text, truth values, null.</param>
    /// <exception cref="InvalidOperationException">
    /// An edit does not fit the sources, the result does not compile, the method is missing, or the test skipped
    /// itself.
    /// </exception>
    /// <exception cref="TimeoutException">
    /// The test did not end in three minutes: neither killed nor survived.
    /// </exception>
    public MutantOutcome Run(Mutant mutant, string typeName, string methodName, params object?[] arguments) =>
        RunApart(mutant.Name, Compile(mutant), typeName, methodName, arguments);

    private static MutantOutcome RunApart(
        string name, byte[] image, string typeName, string methodName, object?[] arguments)
    {
        string path = Path.Combine(Path.GetTempPath(), $"remoteswap-mutant-{Guid.NewGuid():n}.dll");
        try
        {
            File.WriteAllBytes(path, image);
            return MutantProcess.Run(new MutantRequest(
                name, path, typeName, methodName, [.. arguments.Select(MutantArgument.Of)]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private byte[] Compile(Mutant mutant)
    {
        CSharpCompilation compilation = _unchanged;
        foreach ((SyntaxTree before, SyntaxTree after) in _sources.Apply(mutant))
        {
            compilation = compilation.ReplaceSyntaxTree(before, after);
        }

        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            IEnumerable<string> errors = result.Diagnostics
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Take(MaxErrorsShown)
                .Select(diagnostic => diagnostic.ToString());
            throw new InvalidOperationException(
                string.Join(Environment.NewLine, errors.Prepend($"mutant '{mutant.Name}' does not compile:")));
        }

        return image.ToArray();
    }
}
