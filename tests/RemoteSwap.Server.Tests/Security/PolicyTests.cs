using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Security;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Whose tenant a call is for, and when a certificate ceases to count; without a network.</summary>
public sealed class PolicyTests
{
    private static readonly string[] s_others = ["vm70", "vm", "VM7", "vm7 ", " vm7", "vm7\0", "vm8", "*", "vm7/vm8"];

    [Fact]
    public void ATenantIsItsCredentialsWhateverTheMessageSays()
    {
        AccessPolicy policy = new(isOpen: false);
        Caller caller = Caller.Tenant("vm7");
        foreach (string name in s_others)
        {
            AssertWrong(Ask(policy, caller, name));
        }

        Assert.Equal(2 * s_others.Length, policy.Refused(AccessReason.WrongTenant));
        Assert.Null(Ask(policy, caller, "vm7"));
        Assert.Null(Ask(policy, caller, ""));
    }

    [Fact]
    public void WhoIsNobodyIsRefusedWhateverTheMessageSays()
    {
        AccessPolicy policy = new(isOpen: false);
        foreach (Caller caller in (Caller[])[Caller.Nobody, Caller.Anybody])
        {
            Assert.Equal(StatusCode.Unauthenticated, Ask(policy, caller, "vm7")?.Code);
            Assert.Equal(StatusCode.Unauthenticated, Ask(policy, caller, "")?.Code);
        }

        Assert.Equal(CallerKind.Nobody, policy.CallerOfMessage.Kind);
        Assert.Null(Ask(new AccessPolicy(isOpen: true), Caller.Anybody, "vm7"));
    }

    [Fact]
    public void AMethodIsForThoseWhomTheTableNames()
    {
        AssertMay("/remoteswap.v1.PageStoreService/Load", CallerKind.Tenant);
        AssertMay("/remoteswap.v1.AdminService/Drain", CallerKind.Admin);
        AssertMay("/remoteswap.v1.PageStoreService/Reclaim", CallerKind.Tenant, CallerKind.Admin);
        AssertMay("/remoteswap.v1.PageStoreService/Unknown");
    }

    [Fact]
    public void ACertificateCountsUntilItOrItsAuthorityEnds()
    {
        using Authority authority = new();
        using Authority stranger = new();
        ClientRoots roots = RootsOf(authority);
        CertificateCredential credential = CredentialOf(authority, roots);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        SecurityState same = new() { ClientRoots = roots };

        Assert.Null(credential.Check(same, now));
        Assert.Null(credential.Check(same, now.AddDays(8)));
        Assert.Equal(AccessReason.ExpiredCredential, credential.Check(same, now.AddDays(10))?.Reason);
        Assert.Null(credential.Check(new() { ClientRoots = RootsOf(authority) }, now));
        Assert.Null(credential.Check(new() { ClientRoots = RootsOf(stranger, authority) }, now));
        Assert.Equal(
            AccessReason.UnknownCredential, credential.Check(new() { ClientRoots = RootsOf(stranger) }, now)?.Reason);
        Assert.Equal(AccessReason.UnknownCredential, credential.Check(new(), now)?.Reason);
    }

    private static CallRefusal? Ask(AccessPolicy policy, Caller caller, string asked)
    {
        ReadOnlySpan<byte> utf8 = Encoding.UTF8.GetBytes(asked);
        string text = asked;
        CallRefusal? ofBytes = policy.CheckTenant(caller, ref utf8);
        CallRefusal? ofText = policy.CheckTenant(caller, ref text);
        Assert.Equal(ofBytes, ofText);
        Assert.Equal(text, Encoding.UTF8.GetString(utf8));
        Assert.True(
            ofBytes is not null || caller.Kind != CallerKind.Tenant || text == caller.Name,
            $"{caller} asked for '{asked}' and would be given '{text}'");
        return ofBytes;
    }

    private static void AssertWrong(CallRefusal? refusal)
    {
        Assert.NotNull(refusal);
        Assert.Equal((StatusCode.PermissionDenied, "WRONG_TENANT"), (refusal.Code, refusal.Reason));
    }

    private static void AssertMay(string path, params CallerKind[] allowed)
    {
        AccessRule rule = AccessTable.RuleOf(path, out _);
        Assert.Equal(allowed, Enum.GetValues<CallerKind>().Where(kind => AccessTable.Allows(rule, kind)));
    }

    private static ClientRoots RootsOf(params Authority[] authorities)
    {
        List<string> errors = [];
        byte[] pem = Encoding.UTF8.GetBytes(string.Join("\n", authorities.Select(authority => authority.Pem)));
        ClientRoots? roots = ClientRoots.Read("ca", pem, errors);
        Assert.Empty(errors);
        return roots!;
    }

    private static CertificateCredential CredentialOf(Authority authority, ClientRoots roots)
    {
        using X509Certificate2 certificate = authority.Client("remoteswap://tenant/vm7");
        using X509Chain chain = new() { ChainPolicy = roots.NewPolicy() };
        Assert.True(chain.Build(certificate));
        Caller? caller = CertificateNames.CallerOf(certificate, new SecurityOptions());
        Assert.True(caller!.IsSame(Caller.Tenant("vm7")));
        return new CertificateCredential(caller, chain, roots);
    }
}
