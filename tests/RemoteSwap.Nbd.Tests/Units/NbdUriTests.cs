using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.Nbd.Tests.Units;

public sealed class NbdUriTests
{
    public static TheoryData<string, EndPoint, string, bool> Uris => new()
    {
        { "nbd://127.0.0.1:10809/", new IPEndPoint(IPAddress.Loopback, 10809), "", false },
        { "nbds://127.0.0.1:7/vm7", new IPEndPoint(IPAddress.Any, 7), "vm7", true },
        { "nbd://[::1]:7/a%20b%3F/c", new IPEndPoint(IPAddress.IPv6Any, 7), "a b?/c", false },
        { "nbd://host:7/x", new DnsEndPoint("host", 7), "x", false },
        { "nbd+unix:///?socket=/run/s", new UnixDomainSocketEndPoint("/run/s"), "", false },
        { "nbds+unix:///vm7?socket=/run/a%26b", new UnixDomainSocketEndPoint("/run/a&b"), "vm7", true },
    };

    [Theory]
    [MemberData(nameof(Uris))]
    public void It_is_written_as_clients_read_it(string expected, EndPoint endPoint, string name, bool requireTls) =>
        Assert.Equal(expected, NbdUri.Of(endPoint, name, requireTls));
}
