using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Sources;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Sources;

public sealed class FilePageSourceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("remoteswap-loadgen-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_files_last_page_ends_in_zeroes()
    {
        File.WriteAllBytes(Path.Combine(_directory, "a"), [.. Enumerable.Repeat((byte)'x', PageSize.Bytes + 100)]);

        PageCorpus corpus = Build();

        Assert.Equal(2, corpus.Count);
        Assert.Equal(-1, corpus.Page(0).IndexOfAnyExcept((byte)'x'));
        Assert.Equal(100, corpus.Page(1).IndexOf((byte)0));
        Assert.Equal(-1, corpus.Page(1)[100..].IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Kinds_are_told_by_content_and_files_are_read_from_subdirectories()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "sub"));
        File.WriteAllText(Path.Combine(_directory, "sub", "t.json"), "{ \"a\": 1 }\n");
        File.WriteAllBytes(Path.Combine(_directory, "x.dll"), [.. "MZ"u8, 0, 1, 2]);
        File.WriteAllBytes(Path.Combine(_directory, "tool"), [0x7f, .. "ELF"u8, 2, 1]);
        File.WriteAllBytes(Path.Combine(_directory, "blob"), [0, 1, 2]);
        File.WriteAllBytes(Path.Combine(_directory, "empty"), []);

        Assert.Equal([1, 1, 1, 1, 0, 0, 0], Build().CountByKind());
        Assert.Equal([0, 0, 1, 0, 0, 0, 0], Build(PageKind.Text).CountByKind());
        Assert.Equal([0, 1, 0, 0, 0, 0, 0], Build(PageKind.NativeCode).CountByKind());
        Assert.Equal([1, 0, 0, 0, 0, 0, 0], Build(PageKind.ManagedCode).CountByKind());
    }

    [Fact]
    public void Links_are_not_followed_and_a_missing_directory_gives_nothing()
    {
        File.CreateSymbolicLink(Path.Combine(_directory, "link"), "/etc/passwd");

        Assert.Equal(0, Build().Count);
        using FilePageSource missing = new("none", [Path.Combine(_directory, "no")], only: null, new SeededRandom(1));
        Assert.Equal(0, missing.Read(new byte[PageSize.Bytes], new PageKind[1]));
    }

    [Fact]
    public void The_files_of_dotnet_have_managed_code_native_code_and_text()
    {
        List<IPageSource> sources = [.. RuntimeFiles.Open(new SeededRandom(1))];

        int[] counts = CorpusBuilder.Build(sources, 300, CancellationToken.None).CountByKind();
        sources.ForEach(source => source.Dispose());

        Assert.Equal(100, counts[(int)PageKind.ManagedCode]);
        Assert.Equal(100, counts[(int)PageKind.NativeCode]);
        Assert.Equal(100, counts[(int)PageKind.Text]);
    }

    private PageCorpus Build(PageKind? only = null)
    {
        using FilePageSource source = new("test", [_directory], only, new SeededRandom(1));
        return CorpusBuilder.Build([source], 100, CancellationToken.None);
    }
}
