using System.Text;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Client;
using Xunit;

namespace RemoteSwap.Cli.Tests.Addressing;

public sealed class ServerUriTests
{
    [Theory]
    [InlineData("remoteswap://host:7420/vm7", "http://host:7420/", "vm7")]
    [InlineData("remoteswap://host", "http://host:7420/", null)]
    [InlineData("remoteswap://host/", "http://host:7420/", null)]
    [InlineData("REMOTESWAP://Host:1/VM", "http://host:1/", "VM")]
    [InlineData("remoteswap://127.0.0.1:9/a%20b", "http://127.0.0.1:9/", "a b")]
    [InlineData("remoteswap://[::1]:9/a", "http://[::1]:9/", "a")]
    [InlineData("remoteswaps://host:7420/vm7", "https://host:7420/", "vm7")]
    [InlineData("remoteswaps://host", "https://host:7420/", null)]
    [InlineData("remoteswap+unix:///vm7?socket=/run/a.sock", "unix:///run/a.sock", "vm7")]
    [InlineData("remoteswap+unix:///?socket=/run/a.sock", "unix:///run/a.sock", null)]
    [InlineData("remoteswap+unix:///a%2Bb?socket=%2Frun%2Fa%20b.sock", "unix:///run/a%20b.sock", "a+b")]
    public void A_good_uri_names_server_and_tenant_as_the_library_takes_them(
        string text, string address, string? tenant)
    {
        Assert.True(ServerUri.TryParse(text, out ServerUri? server, out string? problem), problem);

        Assert.Equal(new Uri(address), server.Address);
        Assert.Equal(tenant, server.Tenant);
        Assert.Equal(tenant ?? "default", server.TenantOrDefault);
        new RemoteSwapClientOptions { Address = server.Address, Tenant = server.TenantOrDefault }.Validate();
    }

    [Theory]
    [InlineData("remoteswap://host:7420/vm7")]
    [InlineData("remoteswap://host:80")]
    [InlineData("remoteswaps://host:443/vm7")]
    [InlineData("remoteswap://[::1]:9/a%20b")]
    [InlineData("remoteswap+unix:///vm7?socket=/run/a.sock")]
    [InlineData("remoteswap+unix:///?socket=/run/a.sock")]
    public void A_uri_is_written_as_it_was_read(string text)
    {
        Assert.True(ServerUri.TryParse(text, out ServerUri? server, out _));

        Assert.Equal(text, server.ToString());
    }

    [Theory]
    [InlineData("", "is no URI")]
    [InlineData("host:7420", "unknown scheme")]
    [InlineData("/run/a.sock", "remoteswap+unix:///[TENANT]?socket=/PATH")]
    [InlineData("http://host:7420", "'http'")]
    [InlineData("unix:///run/a.sock", "'unix'")]
    [InlineData("ftp://host", "unknown scheme 'ftp'")]
    [InlineData("remoteswaps://me:secret@host:7420/vm7", "names a user")]
    [InlineData("remoteswaps+unix:///vm7?socket=/a", "unknown scheme")]
    [InlineData("remoteswap:///vm7", "no host")]
    [InlineData("remoteswap://host:0/vm7", "port 0")]
    [InlineData("remoteswap://a b/vm7", "is no URI")]
    [InlineData("remoteswap://a%2Fb/vm7", "is no URI")]
    [InlineData("remoteswap://host:65536/vm7", "is no URI")]
    [InlineData("remoteswap://me@host/vm7", "names a user")]
    [InlineData("remoteswap://host/vm7#x", "'#x'")]
    [InlineData("remoteswap://host/vm7?area=1", "'?area=1'")]
    [InlineData("remoteswap://host/vm7/1", "'vm7/1'")]
    [InlineData("remoteswap://host/a%2Fb", "'a/b'")]
    [InlineData("remoteswap://host/%20", "blanks")]
    [InlineData("remoteswap+unix://host/vm7?socket=/a.sock", "host 'host'")]
    [InlineData("remoteswap+unix:///vm7", "names no socket")]
    [InlineData("remoteswap+unix:///vm7?socket=", "names no socket")]
    [InlineData("remoteswap+unix:///vm7?path=/a.sock", "names no socket")]
    [InlineData("remoteswap+unix:///vm7?socket=a.sock", "absolute path")]
    [InlineData("remoteswap+unix:///vm7?socket=/", "1 bytes")]
    [InlineData("remoteswap+unix:///vm7?socket=/run/../a.sock", "without '.'")]
    [InlineData("remoteswap+unix:///vm7?socket=/a&x=1", "only socket=/PATH")]
    public void A_bad_uri_is_refused_with_what_is_wrong(string text, string problem)
    {
        Assert.False(ServerUri.TryParse(text, out ServerUri? server, out string? said));

        Assert.Null(server);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_are_bounded_as_in_the_library()
    {
        string path = "/" + new string('a', 106);
        string tenant = new('t', 128);

        Assert.True(ServerUri.TryParse($"remoteswap+unix:///{tenant}?socket={path}", out _, out _));
        Assert.False(ServerUri.TryParse($"remoteswap+unix:///{tenant}?socket={path}b", out _, out string? longPath));
        Assert.False(ServerUri.TryParse($"remoteswap://host/{tenant}u", out _, out string? longTenant));
        Assert.Contains("108 bytes", longPath, StringComparison.Ordinal);
        Assert.Contains("129 bytes", longTenant, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_uri_that_the_library_takes_or_is_refused()
    {
        const string Letters = "remoteswap+unix:///?socket=%2F#@[]&. \u00e4\0a0:s";
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            StringBuilder text = new(random.Next(4) switch
            {
                0 => "remoteswap://",
                2 => "remoteswaps://",
                1 => "remoteswap+unix:///t?socket=/",
                _ => "",
            });
            for (int length = random.Next(12); length > 0; length--)
            {
                text.Append(Letters[random.Next(Letters.Length)]);
            }

            if (ServerUri.TryParse(text.ToString(), out ServerUri? server, out _))
            {
                new RemoteSwapClientOptions { Address = server.Address, Tenant = server.TenantOrDefault }.Validate();
            }
        }
    }
}
