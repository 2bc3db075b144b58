using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Units;

public sealed class NbdServerOptionsTests
{
    [Fact]
    public void The_defaults_are_right() => new NbdServerOptions().Validate();

    [Fact]
    public void All_errors_are_told_at_once()
    {
        NbdServerOptions options = new()
        {
            ExportName = new string('x', 4097),
            Description = "\0",
            MaxRequestsInFlight = 0,
            MaxBytesInFlight = 1,
            MinBlockBytes = 513,
            PreferredBlockBytes = 100,
            MaxBlockBytes = 33 << 20,
            MaxConnections = 5000,
            HandshakeTimeout = TimeSpan.Zero,
            RequireTls = true,
        };

        string message = Assert.Throws<ArgumentException>(options.Validate).Message;

        Assert.All(
            typeof(NbdServerOptions).GetProperties()
                .Select(property => property.Name).Except(["ReadOnly", "Rotational", "Admits", "MeterFactory"]),
            name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(4097, 512)]
    [InlineData(4096, 65536)]
    public void A_device_of_odd_size_is_refused(long sizeBytes, int minBlockBytes)
    {
        NbdServerOptions options = new() { MinBlockBytes = minBlockBytes, PreferredBlockBytes = 65536 };

        Assert.Throws<ArgumentException>(() => new NbdServer(new MemoryDevice(sizeBytes), options));
    }
}
