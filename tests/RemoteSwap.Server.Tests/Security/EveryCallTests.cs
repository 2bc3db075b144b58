using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Every method, with every kind of credential: who may, and who may not.</summary>
public sealed class EveryCallTests(EveryCallTests.Fixture fixture) : IClassFixture<EveryCallTests.Fixture>
{
    private const string AdminService = "/remoteswap.v1.AdminService/";
    private const string PageService = "/remoteswap.v1.PageStoreService/";

    public enum Who
    {
        Nobody,
        Unknown,
        Expired,
        OtherTenant,
        RightTenant,
        Admin,
    }

    public static TheoryData<string> Paths => [.. AnyCall.Methods.Keys];

    [Theory]
    [MemberData(nameof(Paths))]
    public Task WithACertificate(string path) => CallAsync(path, who => (fixture.Certificates[who], null));

    [Theory]
    [MemberData(nameof(Paths))]
    public Task WithAToken(string path) => CallAsync(path, who => (null, fixture.TokensOf[who]));

    // A token is who one wants to be now; the connection's certificate does not make up for a bad one, nor add to it.
    [Theory]
    [MemberData(nameof(Paths))]
    public async Task WithATokenOnAnAdministratorsConnection(string path)
    {
        foreach (Who who in Enum.GetValues<Who>().Where(who => who != Who.Nobody))
        {
            Status status = await AnyCall.RunAsync(
                fixture.Open(fixture.Certificates[Who.Admin]),
                path,
                TestServer.TenantA,
                SecureServer.With(fixture.TokensOf[who]));
            AssertIs(Expected(path, who), status, $"{path} by {who}");
        }
    }

    // Who names nobody is meant itself.
    [Theory]
    [MemberData(nameof(Paths))]
    public async Task OfATenantThatNamesNobody(string path)
    {
        Status status = await AnyCall.RunAsync(
            fixture.Open(fixture.Certificates[Who.OtherTenant]), path, "", []);
        AssertIs(Expected(path, Who.RightTenant), status, path);
    }

    private async Task CallAsync(string path, Func<Who, (X509Certificate2? Certificate, string? Token)> credential)
    {
        foreach (Who who in Enum.GetValues<Who>())
        {
            (X509Certificate2? certificate, string? token) = credential(who);
            Status status = await AnyCall.RunAsync(
                fixture.Open(certificate), path, TestServer.TenantA, SecureServer.With(token));
            AssertIs(Expected(path, who), status, $"{path} by {who}");
            Assert.DoesNotContain(TestServer.TenantB, who == Who.OtherTenant ? "" : status.Detail);
        }
    }

    // What is promised, and not what the table says.
    private static StatusCode? Expected(string path, Who who)
    {
        if (path == "/grpc.health.v1.Health/Check")
        {
            return null;
        }

        if (who is Who.Nobody or Who.Unknown or Who.Expired)
        {
            return StatusCode.Unauthenticated;
        }

        bool isForAll = path == PageService + "Ping" || path.StartsWith("/grpc.health.", StringComparison.Ordinal);
        bool isForAdmins = path.StartsWith(AdminService, StringComparison.Ordinal)
            || path.Contains("ServerReflection", StringComparison.Ordinal);
        bool may = who switch
        {
            _ when isForAll => true,
            Who.Admin => isForAdmins || path == PageService + "Reclaim",
            Who.RightTenant => !isForAdmins || path == AdminService + "GetTenant",
            _ => false,
        };
        return may ? null : StatusCode.PermissionDenied;
    }

    private static void AssertIs(StatusCode? expected, Status status, string what)
    {
        bool isDenied = status.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied;
        Assert.True(
            isDenied ? expected == status.StatusCode : expected is null,
            $"{what}: {expected} is expected, and it ended with {status.StatusCode}: {status.Detail}");
        Assert.False(
            status.StatusCode is StatusCode.Unavailable or StatusCode.Unknown or StatusCode.DeadlineExceeded,
            $"{what} ended with {status.StatusCode}: {status.Detail}");
    }

    /// <summary>One server, and each kind of credential in both ways.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly Authority _stranger = new("stranger");
        private readonly Dictionary<X509Certificate2, CallInvoker> _open = [];
        private CallInvoker? _without;
        private SecureServer? _server;

        internal Dictionary<Who, X509Certificate2?> Certificates { get; } = [];

        internal Dictionary<Who, string?> TokensOf { get; } = [];

        internal CallInvoker Open(X509Certificate2? certificate)
        {
            if (certificate is null)
            {
                return _without ??= _server!.Open().CreateCallInvoker();
            }

            if (!_open.TryGetValue(certificate, out CallInvoker? invoker))
            {
                _open[certificate] = invoker = _server!.Open(certificate).CreateCallInvoker();
            }

            return invoker;
        }

        public async ValueTask InitializeAsync()
        {
            foreach (Who who in Enum.GetValues<Who>())
            {
                TokensOf[who] = who == Who.Nobody ? null : Tokens.New();
            }

            string expired = DateTime.UtcNow.AddMinutes(-1).ToString("yyyy-MM-ddTHH:mm:ssZ");
            string later = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd");
            _server = await SecureServer.StartAsync(
                "# the tokens of a test\n\n"
                + Tokens.Line($"tenant {TestServer.TenantA}", TokensOf[Who.Expired]!, expired)
                + Tokens.Line($"tenant {TestServer.TenantB}", TokensOf[Who.OtherTenant]!)
                + Tokens.Line($"tenant {TestServer.TenantA}", TokensOf[Who.RightTenant]!, later)
                + Tokens.Line("admin ops", TokensOf[Who.Admin]!),
                "--Server:Reflection=true");
            string tenant = $"remoteswap://tenant/{TestServer.TenantA}";
            Certificates[Who.Nobody] = null;
            Certificates[Who.Unknown] = _stranger.Client(tenant);
            Certificates[Who.Expired] = _server.Authority.ClientFor(-3, 2, tenant);
            Certificates[Who.OtherTenant] = _server.Authority.Client($"remoteswap://tenant/{TestServer.TenantB}");
            Certificates[Who.RightTenant] = _server.Authority.Client(tenant);
            Certificates[Who.Admin] = _server.Authority.Client("remoteswap://admin/ops");
        }

        public async ValueTask DisposeAsync()
        {
            await _server!.DisposeAsync();
            _stranger.Dispose();
        }
    }
}
