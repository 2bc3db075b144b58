namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>
/// A document that is generated from the code and committed. With METRICS_UPDATE=1 in the environment it is written
/// instead of compared.
/// </summary>
internal static class CommittedText
{
    private const string Update = "METRICS_UPDATE";

    public static void Check(string path, string text)
    {
        string file = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{path} is not there; run this test with {Update}=1 and commit it");
        Assert.Equal(text, File.ReadAllText(file));
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RemoteSwap.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("the test does not run inside the repository");
        }

        return folder;
    }
}
