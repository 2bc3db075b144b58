using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Security;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>The table of who may call what: nothing that can be called is missing.</summary>
public sealed class AccessTableTests
{
    [Fact]
    public void EveryMethodOfEveryServiceIsInIt() =>
        Assert.Empty(AnyCall.Methods.Keys.Except(AccessTable.Methods, StringComparer.Ordinal));

    [Fact]
    public void NothingIsInItThatIsNoMethod() =>
        Assert.Empty(AccessTable.Methods.Except(AnyCall.Methods.Keys, StringComparer.Ordinal));

    [Fact]
    public async Task EveryRouteOfTheServerIsInIt()
    {
        Assert.True(ServerArguments.TryParse(
            ["--listen=127.0.0.1:0", "--management=off", "--Server:Reflection=true"],
            out ServerArguments? arguments,
            out _));
        await using WebApplication app = ServerBuilder.Build(arguments, ownsProcess: false, out _);
        string[] routes =
        [
            .. from source in ((IEndpointRouteBuilder)app).DataSources
               from endpoint in source.Endpoints.OfType<RouteEndpoint>()
               let path = endpoint.RoutePattern.RawText!
               where !path.Contains('{', StringComparison.Ordinal)
               select path,
        ];

        Assert.Contains("/remoteswap.v1.PageStoreService/Store", routes);
        Assert.Empty(routes.Except(AccessTable.Methods, StringComparer.Ordinal));
    }

    [Fact]
    public void StreamsAreThoseThatMayOutliveTheirCredential() => Assert.All(
        AnyCall.Methods,
        method =>
        {
            AccessTable.RuleOf(method.Key, out bool isStream);
            Assert.Equal(method.Value.IsClientStreaming || method.Value.IsServerStreaming, isStream);
        });

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/remoteswap.v1.PageStoreService/")]
    [InlineData("/remoteswap.v1.PageStoreService/store")]
    [InlineData("/REMOTESWAP.v1.PageStoreService/Store")]
    [InlineData("/remoteswap.v1.PageStoreService/Store/")]
    [InlineData("/remoteswap.v1.AdminService/NoSuchMethod")]
    public void AnotherSpellingIsNotInIt(string path)
    {
        AccessRule rule = AccessTable.RuleOf(path, out _);
        Assert.Equal(AccessRule.None, rule);
        Assert.All(Enum.GetValues<CallerKind>(), kind => Assert.False(AccessTable.Allows(rule, kind)));
    }

    [Fact]
    public void NobodyMayDoNoMoreThanAskForHealth() => Assert.Equal(
        ["/grpc.health.v1.Health/Check"],
        AccessTable.Methods.Where(
            path => AccessTable.Allows(AccessTable.RuleOf(path, out _), CallerKind.Nobody)));

    [Fact]
    public void EveryReasonHasAStatusANameAndAField()
    {
        Assert.All(AccessPolicy.Reasons, reason =>
        {
            Assert.Matches("^[A-Z_]+$", AccessReasons.NameOf(reason));
            Assert.NotEmpty(AccessReasons.FieldOf(reason));
            _ = AccessReasons.StatusOf(reason);
        });
        Assert.Equal(Enum.GetValues<AccessReason>().Length - 1, AccessPolicy.Reasons.Count);
        Assert.Equal(
            AccessPolicy.Reasons.Count, AccessPolicy.Reasons.Select(AccessReasons.NameOf).Distinct().Count());
    }
}
