using RemoteSwap.Mutants;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>The tests of who may do what must notice when somebody may do more.</summary>
public sealed class SecurityCanaryTests
{
    private const string Tenant = nameof(PolicyTests.ATenantIsItsCredentialsWhateverTheMessageSays);
    private const string Nobody = nameof(PolicyTests.WhoIsNobodyIsRefusedWhateverTheMessageSays);
    private const string Method = nameof(PolicyTests.AMethodIsForThoseWhomTheTableNames);
    private const string Certificate = nameof(PolicyTests.ACertificateCountsUntilItOrItsAuthorityEnds);
    private const string Owners = nameof(TokenFileTests.EachTokenIsItsOwnersAndNoOtherTextIs);
    private const string Hashes = nameof(TokenFileTests.AHashThatOnlyBeginsAsATokensIsNone);
    private const string Changed = nameof(TokenFileTests.AfterAChangeATokenIsWhatTheFileOfNowSays);

    private static readonly MutantBuild Build = new(
        [
            "protos/RemoteSwap.Codec",
            "server/RemoteSwap.Pool",
            "server/RemoteSwap.Store",
            "server/RemoteSwap.Server/Access",
            "server/RemoteSwap.Server/Grpc/CallRefusal.cs",
            "server/RemoteSwap.Server/Grpc/MessageFault.cs",
            "server/RemoteSwap.Server/Grpc/QuotaWords.cs",
            "server/RemoteSwap.Server/Options/NamePlace.cs",
            "server/RemoteSwap.Server/Options/SecurityOptions.cs",
            "server/RemoteSwap.Server/Security/AccessRule.cs",
            "server/RemoteSwap.Server/Security/AccessTable.cs",
            "server/RemoteSwap.Server/Security/CertificateCredential.cs",
            "server/RemoteSwap.Server/Security/CertificateNames.cs",
            "server/RemoteSwap.Server/Security/ClientRoots.cs",
            "server/RemoteSwap.Server/Security/ICredential.cs",
            "server/RemoteSwap.Server/Security/SecurityState.cs",
            "server/RemoteSwap.Server/Security/TokenCredential.cs",
            "server/RemoteSwap.Server/Security/TokenFile.cs",
            "server/RemoteSwap.Server/Security/TokenSet.cs",
        ],
        [
            "tests/RemoteSwap.Server.Tests/GlobalUsings.cs",
            "tests/RemoteSwap.Server.Tests/Support/SpillFolder.cs",
            "tests/RemoteSwap.Server.Tests/Security/Authority.cs",
            "tests/RemoteSwap.Server.Tests/Security/PolicyTests.cs",
            "tests/RemoteSwap.Server.Tests/Security/TokenFileTests.cs",
            "tests/RemoteSwap.Server.Tests/Security/Tokens.cs",
        ]);

    private static readonly (Type Tests, string Test, Mutant Mutant)[] Mutants =
    [
        (typeof(PolicyTests), Tenant, new Mutant("the tenant is the message's", "AccessPolicy.cs",
            "return name.SequenceEqual(caller.Utf8Name)", "return !name.IsEmpty")),
        (typeof(PolicyTests), Tenant, new Mutant("the tenant is the message's, where it is text", "AccessPolicy.cs",
            "string.Equals(name, caller.Name, StringComparison.Ordinal) ?", "name.Length > 0 ?")),
        (typeof(PolicyTests), Tenant, new Mutant("a name that begins alike will do", "AccessPolicy.cs",
            "return name.SequenceEqual(caller.Utf8Name)", "return name.StartsWith(caller.Utf8Name)")),
        (typeof(PolicyTests), Tenant, new Mutant("the beginning of a name will do", "AccessPolicy.cs",
            "return name.SequenceEqual(caller.Utf8Name)", "return caller.Utf8Name.StartsWith(name)")),
        (typeof(PolicyTests), Tenant, new Mutant("capitals are small letters", "AccessPolicy.cs",
            "name, caller.Name, StringComparison.Ordinal)", "name, caller.Name, StringComparison.OrdinalIgnoreCase)")),
        (typeof(PolicyTests), Tenant, new Mutant("refusals are not counted", "AccessPolicy.cs",
            "Interlocked.Increment(ref _refused[(int)denial.Reason]);", "")),
        (typeof(PolicyTests), Nobody, new Mutant("anybody is let in everywhere", "AccessPolicy.cs",
            "(isOpen && caller.Kind == CallerKind.Anybody)", "caller.Kind == CallerKind.Anybody")),
        (typeof(PolicyTests), Nobody, new Mutant("who has not said who it is is anybody", "AccessPolicy.cs",
            "CallerOfUnary.Current ?? Caller.Nobody", "CallerOfUnary.Current ?? Caller.Anybody")),
        (typeof(PolicyTests), Method, new Mutant("what is not in the table is for all who are known", "AccessTable.cs",
            "_ => false,", "_ => caller is not CallerKind.Nobody,")),
        (typeof(PolicyTests), Method, new Mutant("tenants are administrators", "AccessTable.cs",
            "AccessRule.Admin => caller is CallerKind.Admin,",
            "AccessRule.Admin => caller is CallerKind.Admin or CallerKind.Tenant,")),
        (typeof(PolicyTests), Method, new Mutant("administrators read pages", "AccessTable.cs",
            "AccessRule.Tenant => caller is CallerKind.Tenant,",
            "AccessRule.Tenant => caller is CallerKind.Tenant or CallerKind.Admin,")),
        (typeof(PolicyTests), Certificate, new Mutant("a certificate has no end", "CertificateCredential.cs",
            "if (now > _end)", "if (false)")),
        (typeof(PolicyTests), Certificate, new Mutant("once good is good for ever", "CertificateCredential.cs",
            "if (ReferenceEquals(roots, Volatile.Read(ref _goodUnder)))", "if (true)")),
        (typeof(PolicyTests), Certificate, new Mutant("whatever a peer sends is an authority", "ClientRoots.cs",
            "chain.ChainPolicy.ExtraStore.AddRange(between);",
            "chain.ChainPolicy.CustomTrustStore.AddRange(between);")),
        (typeof(TokenFileTests), Owners, new Mutant("administrators' tokens are tenants'", "TokenFile.cs",
            "fields[0] == \"admin\" ?", "fields[0] == \"\" ?")),
        (typeof(TokenFileTests), Hashes, new Mutant("the beginning of a hash will do", "TokenSet.cs",
            "if (token.Is(hash))", "if (token is not null)")),
        (typeof(TokenFileTests), Changed, new Mutant("a token has no end", "TokenCredential.cs",
            "now >= until", "now < DateTimeOffset.MinValue")),
        (typeof(TokenFileTests), Changed, new Mutant("a token that is gone counts", "TokenCredential.cs",
            "state.Tokens.Find(_hash);", "state.Tokens.Find(_hash) ?? this;")),
        (typeof(TokenFileTests), Changed, new Mutant("a token may change its owner", "TokenCredential.cs",
            "|| !current.Caller.IsSame(Caller)", "")),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ItsTestFailsWhenTheBugIsPutIn(string name)
    {
        (Type tests, string test, Mutant mutant) = Mutants.Single(row => row.Mutant.Name == name);

        Assert.True(Build.Run(mutant, tests.FullName!, test).Killed, $"{test} passes although '{name}'");
    }

    [Fact]
    public void EachTestPassesWithoutIt()
    {
        foreach ((Type tests, string test, _) in Mutants.DistinctBy(row => row.Test))
        {
            MutantOutcome outcome = Build.RunControl(tests.FullName!, test);

            Assert.False(outcome.Killed, $"{test}: {outcome}");
        }
    }
}
