using RemoteSwap.Privacy;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Hygiene;

/// <summary>Files with pages or tokens in them are their owner's alone, or are not used.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-private-");

    [Fact]
    public void All_files_of_a_drained_server_are_its_user_s_alone()
    {
        using StateRig state = new();
        StoreRig first = state.Start();
        Assert.Equal(StoreOutcome.Stored, first.Put(1, Zpages.Make(1, 500)));
        state.Drain(first);
        string[] files = Directory.GetFiles(state.Path);
        Assert.Contains(state.Images, files);
        Assert.All(files, file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(state.Path));
    }

    [Fact]
    public void A_spill_file_and_its_book_are_too()
    {
        string path = Named("spill");
        using (SpillFile spill = new(path, 1 << 20, Named("book")))
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(Named("book")));
        }

        // Left open to readers meanwhile: tightened, and said.
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupRead);
        using SpillFile again = new(path, 1 << 20, Named("book"));
        Assert.True(again.IsContinued);
        Assert.Contains("could be read by others (mode 640)", Assert.Single(again.Tightened), StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_state_folder_that_others_can_look_into_is_tightened_and_one_of_files_they_can_write_is_refused()
    {
        using StateRig state = new();
        state.Start().Dispose();
        File.SetUnixFileMode(state.Path, (UnixFileMode)0x1FD);
        using (StateFolder opened = state.Open())
        {
            Assert.Contains("mode 775", Assert.Single(opened.Tightened), StringComparison.Ordinal);
        }

        string areas = Path.Combine(state.Path, "areas");
        File.SetUnixFileMode(areas, OwnerOnly | UnixFileMode.OtherWrite);
        StateException refused = Assert.Throws<StateException>(() => state.Open().Dispose());
        Assert.Contains("could be written by others (mode 602)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_and_another_user_s_file_are_refused()
    {
        string file = Named("file");
        File.WriteAllText(file, "pages");
        File.SetUnixFileMode(file, OwnerOnly);
        string link = Named("link");
        File.CreateSymbolicLink(link, file);
        using (FileStream opened = new(link, FileMode.Open, FileAccess.ReadWrite))
        {
            IOException refused =
                Assert.Throws<IOException>(() => PrivateFile.Require(link, opened.SafeFileHandle));
            Assert.Contains("is a link", refused.Message, StringComparison.Ordinal);
            Assert.Null(PrivateFile.Require(file, opened.SafeFileHandle));
        }

        // Of somebody else for sure, unless this is root.
        const string Foreign = "/etc/hostname";
        Assert.SkipWhen(!File.Exists(Foreign), "there is no file of root's to look at");
        using FileStream other = new(Foreign, FileMode.Open, FileAccess.Read);
        if (Environment.UserName != "root")
        {
            Assert.Throws<IOException>(() => PrivateFile.Require(Foreign, other.SafeFileHandle));
        }
    }

    [Fact]
    public void A_state_folder_in_which_a_link_stands_is_not_used()
    {
        using StateRig state = new();
        state.Start().Dispose();
        string areas = Path.Combine(state.Path, "areas");
        string elsewhere = Named("elsewhere");
        File.Move(areas, elsewhere);
        File.CreateSymbolicLink(areas, elsewhere);
        StateException refused = Assert.Throws<StateException>(() => state.Open().Dispose());
        Assert.Contains("is a link", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Named(string name) => Path.Combine(_folder.FullName, name);
}
