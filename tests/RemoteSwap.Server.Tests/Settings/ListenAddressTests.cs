using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Tests.Settings;

/// <summary>What is an address to listen on, and whether others can reach it.</summary>
public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:7420", "127.0.0.1:7420", true)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", true)]
    [InlineData("127.1.2.3:65535", "127.1.2.3:65535", true)]
    [InlineData("localhost:7420", "127.0.0.1:7420", true)]
    [InlineData("LOCALHOST:7420", "127.0.0.1:7420", true)]
    [InlineData("[::1]:7420", "[::1]:7420", true)]
    [InlineData("unix:/run/remoteswap.sock", "unix:/run/remoteswap.sock", true)]
    [InlineData("0.0.0.0:7420", "0.0.0.0:7420", false)]
    [InlineData("[::]:7420", "[::]:7420", false)]
    [InlineData("10.0.0.1:7420", "10.0.0.1:7420", false)]
    [InlineData("[2001:db8::1]:7420", "[2001:db8::1]:7420", false)]
    public void AddressIsRead(string text, string expected, bool isLocal)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address));
        Assert.Equal(expected, address.ToString());
        Assert.Equal(isLocal, address.IsLocal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":7420")]
    [InlineData("7420")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:x")]
    [InlineData("::1")]
    [InlineData("::1:7420")]
    [InlineData("[::1]")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData("example.org:7420")]
    [InlineData("http://127.0.0.1:7420")]
    [InlineData("unix:")]
    [InlineData("unix:remoteswap.sock")]
    [InlineData("/run/remoteswap.sock")]
    public void TextIsNoAddress(string text) => Assert.False(ListenAddress.TryParse(text, out _), text);
}
