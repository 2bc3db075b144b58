namespace RemoteSwap.Nbd.Tests.Processes;

/// <summary>
/// libnbd from Python, which is what nbdsh is: the same scripts, without depending on which Python is first.
/// </summary>
internal static class PythonNbd
{
    private static readonly string[] s_pythons = ["python3", "/usr/bin/python3"];
    private static readonly Lazy<Task<string?>> s_python = new(FindAsync);

    /// <summary>
    /// Runs a script in which <c>h</c> is a handle that is not connected and <c>uri</c> the server's.
    /// </summary>
    public static async Task<string> RunAsync(string uri, string script)
    {
        string? python = await s_python.Value;
        Skipping.Unless(python is not null, "python3-libnbd is not installed");
        string all = $"import nbd, errno\nh = nbd.NBD()\nuri = {Quote(uri)}\n{script}\n";
        return (await Command.RunAsync(python!, "-c", all)).Checked();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static async Task<string?> FindAsync()
    {
        foreach (string python in s_pythons)
        {
            if (await Command.TryRunAsync(python, "-c", "import nbd") is { ExitCode: 0 })
            {
                return python;
            }
        }

        return null;
    }
}
