using RemoteSwap.Privacy;
using Xunit;

namespace RemoteSwap.Store.Tests.Hygiene;

/// <summary>A name is given to one file, however many want it.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-whole-");

    [Fact]
    public void What_has_the_name_keeps_it_and_the_other_file_stays()
    {
        File.WriteAllText(Named("first"), "first");
        File.WriteAllText(Named("second"), "second");

        Assert.True(WholeFile.TryPublish(Named("first"), Named("name")));
        Assert.False(WholeFile.TryPublish(Named("second"), Named("name")));

        Assert.Equal([Named("name"), Named("second")], Directory.GetFiles(_folder.FullName).Order());
        Assert.Equal("first", File.ReadAllText(Named("name")));
        Assert.Equal("second", File.ReadAllText(Named("second")));
    }

    [Fact]
    public void A_folder_has_a_name_too_and_no_file_is_no_success()
    {
        File.WriteAllText(Named("file"), "file");
        Directory.CreateDirectory(Named("folder"));

        Assert.False(WholeFile.TryPublish(Named("file"), Named("folder")));
        Assert.Throws<FileNotFoundException>(() => WholeFile.TryPublish(Named("nothing"), Named("name")));
    }

    [Fact]
    public void Of_many_at_the_same_time_one_succeeds()
    {
        const int Rounds = 300;
        const int Writers = 4;
        for (int round = 0; round < Rounds; round++)
        {
            int succeeded = 0;
            string last = "";
            using Barrier start = new(Writers);
            Thread[] writers = [.. Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
            {
                string written = Named($"{round}.{writer}");
                File.WriteAllText(written, written);
                start.SignalAndWait();
                if (WholeFile.TryPublish(written, Named($"{round}")))
                {
                    Interlocked.Increment(ref succeeded);
                    last = written;
                }
            }))];
            Array.ForEach(writers, writer => writer.Start());
            Array.ForEach(writers, writer => writer.Join());

            Assert.Equal(1, succeeded);
            Assert.Equal(last, File.ReadAllText(Named($"{round}")));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Named(string name) => Path.Combine(_folder.FullName, name);
}
