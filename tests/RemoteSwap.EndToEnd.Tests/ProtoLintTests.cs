using System.Diagnostics;

namespace RemoteSwap.EndToEnd.Tests;

/// <summary>The protos follow the rules of buf, STANDARD and COMMENTS.</summary>
public sealed class ProtoLintTests
{
    private const string FirstField = "  // The tenant, as configured on the server.\n";

    private static readonly string s_buf = Path.Combine(SourceFolders.Node, "node_modules", ".bin", "buf");

    [Fact]
    public async Task BufFindsNothing()
    {
        SkipWithoutBuf();
        ProcessResult lint = await LintAsync(SourceFolders.Protos);
        Assert.Equal("", lint.Output + lint.Errors);
        Assert.Equal(0, lint.ExitCode);
    }

    // A linter that looked at no file would find nothing either.
    [Fact]
    public async Task BufFindsAMissingComment()
    {
        SkipWithoutBuf();
        DirectoryInfo copy = Directory.CreateTempSubdirectory("remoteswap-test-");
        try
        {
            foreach (string file in Directory.EnumerateFiles(
                SourceFolders.Protos, "*.proto", SearchOption.AllDirectories)
                .Append(Path.Combine(SourceFolders.Protos, "buf.yaml")))
            {
                string target = Path.Combine(copy.FullName, Path.GetRelativePath(SourceFolders.Protos, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                string text = await File.ReadAllTextAsync(file);
                await File.WriteAllTextAsync(target, text.Replace(FirstField, "", StringComparison.Ordinal));
            }

            ProcessResult lint = await LintAsync(copy.FullName);
            Assert.NotEqual(0, lint.ExitCode);
            Assert.Contains("page_store.proto", lint.Output);
            Assert.Contains("comment", lint.Output);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static void SkipWithoutBuf() =>
        Skipping.Unless(File.Exists(s_buf), $"buf is not installed (npm ci in {SourceFolders.Node})");

    private static Task<ProcessResult> LintAsync(string folder)
    {
        ProcessStartInfo start = Command.Of(s_buf, ["lint"]);
        start.WorkingDirectory = folder;
        return Command.RunAsync(start);
    }
}
