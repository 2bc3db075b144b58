using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

public sealed class MetaContextTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(true, "base:")]
    [InlineData(true, "other:thing", "base:allocation")]
    [InlineData(false, "other:thing")]
    [InlineData(false, "base:other")]
    public async Task List_tells_the_context(bool isListed, params string[] queries)
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.AckAsync(8, []);

        List<OptionReply> replies = await client.AskAllAsync(9, WireBytes.Contexts("", queries));

        Assert.Equal(isListed ? [Rep.MetaContext, Rep.Ack] : [Rep.Ack], replies.Select(reply => reply.Type));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, "base:")]
    [InlineData(false, "other:thing")]
    [InlineData(true, "other:thing", "base:allocation", "base:allocation")]
    public async Task Set_chooses_the_context_by_its_name_only(bool isChosen, params string[] queries)
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.AckAsync(8, []);

        List<OptionReply> replies = await client.AskAllAsync(10, WireBytes.Contexts("", queries));

        Assert.Equal(isChosen ? [Rep.MetaContext, Rep.Ack] : [Rep.Ack], replies.Select(reply => reply.Type));
        await client.GoAsync();
        await AssertServedAsync(client, isChosen);
    }

    [Fact]
    public async Task Set_needs_structured_replies()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        Assert.Equal(Rep.Invalid, (await client.AskAsync(10, WireBytes.Contexts("", "base:allocation"))).Type);
    }

    [Fact]
    public async Task Another_set_replaces_what_was_chosen()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.AckAsync(8, []);
        await client.AskAllAsync(10, WireBytes.Contexts("", "base:allocation"));
        await client.AckAsync(10, WireBytes.Contexts(""));
        await client.GoAsync();

        await AssertServedAsync(client, isServed: false);
    }

    [Fact]
    public async Task A_context_of_another_export_is_void()
    {
        await using TestServer server = new(new NbdServerOptions { ExportName = "vm7" });
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.AckAsync(8, []);
        Assert.Equal(Rep.Unknown, (await client.AskAsync(10, WireBytes.Contexts("vm8", "base:allocation"))).Type);
        await client.AskAllAsync(10, WireBytes.Contexts("", "base:allocation"));
        await client.GoAsync("vm7");

        await AssertServedAsync(client, isServed: false);
    }

    private static async Task AssertServedAsync(WireClient client, bool isServed)
    {
        await client.SendAsync(Cmd.BlockStatus, 0, 4096);
        if (isServed)
        {
            Assert.Equal(5, Assert.Single(await client.ChunksAsync()).Type);
        }
        else
        {
            Assert.Equal(Err.Inval, (await client.StructuredErrorAsync()).Error);
        }
    }
}
