using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Options are checked all at once, before anything is opened.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("https://pages.example:5000/")]
    [InlineData("http://[::1]:5000")]
    [InlineData("unix:///run/remoteswap/store.sock")]
    public async Task GoodAddressOpensAndSendsNothing(string address)
    {
        RemoteSwapClientOptions options = new() { Address = new Uri(address) };
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(options);
        Assert.Equal("default", connection.Tenant);
        Assert.Equal(new Uri(address), connection.Address);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:5000")]
    [InlineData("http://127.0.0.1:5000/store")]
    [InlineData("http://127.0.0.1:5000?tenant=a")]
    [InlineData("http://127.0.0.1:5000/#a")]
    [InlineData("http://me@127.0.0.1:5000")]
    [InlineData("unix://host/run/a.sock")]
    [InlineData("unix:///")]
    [InlineData("store")]
    public void BadAddressIsNamedWithTheFormsThatWork(string address)
    {
        RemoteSwapClientOptions options = new() { Address = new Uri(address, UriKind.RelativeOrAbsolute) };
        ArgumentException failure = Assert.Throws<ArgumentException>(options.Validate);
        Assert.Contains($"Address '{options.Address}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("unix:///path/to/socket", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SocketPathIsBoundedInBytes()
    {
        string path = "/" + new string('a', 106);
        new RemoteSwapClientOptions { Address = new Uri("unix://" + path) }.Validate();
        RemoteSwapClientOptions options = new() { Address = new Uri($"unix://{path}a") };
        Assert.Contains("107", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllErrorsAreReportedAtOnce()
    {
        RemoteSwapClientOptions options = new()
        {
            Address = null!,
            Tenant = " ",
            CallDeadline = TimeSpan.Zero,
            MaxAttempts = 6,
            InitialBackoff = TimeSpan.FromMinutes(3),
            MaxBackoff = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(-1),
        };

        ArgumentException failure = Assert.Throws<ArgumentException>(() => RemoteSwapConnection.Open(options));

        string[] expected =
        [
            "Address ''",
            "Tenant ' '",
            "CallDeadline is 00:00:00",
            "MaxAttempts is 6",
            "InitialBackoff is 00:03:00",
            "MaxBackoff is 00:02:00",
            "ConnectTimeout is -00:00:01",
            "MaxBackoff 00:02:00 is shorter than InitialBackoff 00:03:00",
        ];
        Assert.All(expected, e => Assert.Contains(e, failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void TenantMustBeNamed(string? tenant)
    {
        RemoteSwapClientOptions options = new() { Address = new Uri("http://a:1"), Tenant = tenant! };
        Assert.Contains("Tenant", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TenantIsBoundedInBytes()
    {
        new RemoteSwapClientOptions { Address = new Uri("http://a:1"), Tenant = new string('a', 128) }.Validate();
        RemoteSwapClientOptions options = new() { Address = new Uri("http://a:1"), Tenant = new string('\u00e4', 65) };
        ArgumentException failure = Assert.Throws<ArgumentException>(options.Validate);
        Assert.Contains("130 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(int.MinValue)]
    public void AttemptsAreBounded(int attempts)
    {
        RemoteSwapClientOptions options = new() { Address = new Uri("http://a:1"), MaxAttempts = attempts };
        Assert.Throws<ArgumentException>(options.Validate);
    }
}
