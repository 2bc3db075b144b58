using RemoteSwap.LoadGen.Run;

namespace RemoteSwap.LoadGen;

/// <summary>The program <c>remoteswap-loadgen</c>.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => new LoadGenApp(Console.Out, Console.Error).RunAsync(args);
}
