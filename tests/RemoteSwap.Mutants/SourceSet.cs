using System.Collections.Concurrent;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace RemoteSwap.Mutants;

/// <summary>
/// The parsed sources of a build. Files are parsed once a build: a mutant parses only the files that it changes.
/// Thread-safe.
/// </summary>
internal sealed class SourceSet
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // DEBUG is not defined: a failed Debug.Assert would end the test process.
    private static readonly CSharpParseOptions ParseOptions = new(
        LanguageVersion.Latest, DocumentationMode.None, preprocessorSymbols: ["NET", "NET10_0", "NET10_0_OR_GREATER"]);

    private readonly ConcurrentDictionary<string, SyntaxTree> _parsed = new(StringComparer.Ordinal);

    private readonly Dictionary<string, List<string>> _pathsByName = new(StringComparer.Ordinal);

    /// <summary>Reads sources.</summary>
    /// <param name="relativePaths">Files, or folders whose files are taken with those of their subfolders.</param>
    /// <param name="rewrite">Changes each source, by path and text, before anything else; null: nothing is
    /// changed.</param>
    public SourceSet(IEnumerable<string> relativePaths, Func<string, string, string>? rewrite)
    {
        List<SyntaxTree> trees = [Parse("GlobalUsings.cs", GlobalUsings)];
        foreach (string path in relativePaths.SelectMany(FilesOf).Distinct(StringComparer.Ordinal))
        {
            trees.Add(_parsed.GetOrAdd(
                path, p => Parse(p, rewrite is null ? File.ReadAllText(p) : rewrite(p, File.ReadAllText(p)))));
            string name = Path.GetFileName(path);
            if (!_pathsByName.TryGetValue(name, out List<string>? paths))
            {
                _pathsByName[name] = paths = [];
            }

            paths.Add(path);
        }

        Trees = trees;
    }

    /// <summary>All sources, unchanged.</summary>
    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>The files that a mutant changes: before and after.</summary>
    /// <exception cref="InvalidOperationException">An edit does not fit the sources any more.</exception>
    public IEnumerable<(SyntaxTree Before, SyntaxTree After)> Apply(Mutant mutant)
    {
        foreach (string name in mutant.Edits.Select(edit => edit.FileName).Distinct(StringComparer.Ordinal))
        {
            string path = PathOf(mutant, name);
            SyntaxTree before = _parsed[path];
            string text = before.GetText().ToString();
            foreach (SourceEdit edit in mutant.Edits.Where(edit => edit.FileName == name))
            {
                text = ReplaceOnce(mutant, edit, text);
            }

            yield return (before, Parse(path, text));
        }
    }

    private static string ReplaceOnce(Mutant mutant, SourceEdit edit, string text)
    {
        int at = text.IndexOf(edit.Find, StringComparison.Ordinal);
        bool once = at >= 0 && text.IndexOf(edit.Find, at + 1, StringComparison.Ordinal) < 0;
        return once
            ? string.Concat(text.AsSpan(0, at), edit.Replacement, text.AsSpan(at + edit.Find.Length))
            : throw new InvalidOperationException(
                $"mutant '{mutant.Name}': {edit.FileName} has {(at < 0 ? "no" : "more than one")} '{edit.Find}'; "
                + "the source changed, so the mutant has to be changed with it");
    }

    private static SyntaxTree Parse(string path, string text) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), ParseOptions, path);

    private static IEnumerable<string> FilesOf(string relativePath)
    {
        string path = RepositoryRoot.Combine(relativePath);
        if (!Directory.Exists(path))
        {
            return [path];
        }

        return Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar).Any(IsBuildOutput))
            .Order(StringComparer.Ordinal);
    }

    private static bool IsBuildOutput(string folder) => folder is "bin" or "obj";

    private string PathOf(Mutant mutant, string fileName) =>
        _pathsByName.TryGetValue(fileName, out List<string>? paths) && paths.Count == 1
            ? paths[0]
            : throw new InvalidOperationException(
                $"mutant '{mutant.Name}': {paths?.Count ?? 0} of the sources are named {fileName}; one is needed");
}
