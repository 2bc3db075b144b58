namespace RemoteSwap.EndToEnd.Tests;

/// <summary>A client that was generated from the .proto in another language works against the server.</summary>
public sealed class NodeClientTests
{
    [Fact]
    public async Task NodeClientStoresLoadsInvalidatesAndReclaims()
    {
        Skipping.Unless(await Command.ExistsAsync("node"), "node is not installed");
        Skipping.Unless(
            Directory.Exists(Path.Combine(SourceFolders.Node, "node_modules", "@grpc", "grpc-js")),
            $"the packages of the node client are not installed (npm ci in {SourceFolders.Node})");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("remoteswap-test-");
        try
        {
            await using ServerProcess server = await ServerProcess.StartAsync(
                $"--spill={Path.Combine(folder.FullName, "spill")}", "--spill-limit=1MiB");

            ProcessResult client = await Command.RunAsync(
                Command.Of("node", [
                    Path.Combine(SourceFolders.Node, "client.mjs"), server.Address.Authority, SourceFolders.Protos]));

            Assert.True(client.ExitCode == 0, client.Errors);
            Assert.Equal("ok", client.Output.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
