using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli;

/// <summary>The program <c>remoteswap</c>.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => new CliApp(Surroundings.OfProcess()).RunAsync(args);
}
