using Grpc.Core;
using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Client.Tests.Security;

/// <summary>Each safeguard of the client that is taken away is noticed by the test that is there for it.</summary>
public sealed class SecurityMutants
{
    private const string Tls = "RemoteSwap.Client.Tests.Security.TlsTests";
    private const string Away = "RemoteSwap.Client.Tests.Security.TurnedAwayTests";
    private const string Token = "RemoteSwap.Client.Tests.Security.TokenTests";
    private const string Resume = "RemoteSwap.Client.Tests.Security.RefusedResumeTests";
    private const string NotBelieved = nameof(TlsTests.Server_that_is_not_believed_is_sent_nothing_and_not_asked_again);

    private static readonly MutantBuild Build = new(
        ["client/RemoteSwap.Client", "protos/RemoteSwap.Credentials"],
        [
            "tests/RemoteSwap.Client.Tests/Fakes",
            "tests/RemoteSwap.Client.Tests/Security/TestPki.cs",
            "tests/RemoteSwap.Client.Tests/Security/TlsTests.cs",
            "tests/RemoteSwap.Client.Tests/Security/TurnedAwayTests.cs",
            "tests/RemoteSwap.Client.Tests/Security/TokenTests.cs",
            "tests/RemoteSwap.Client.Tests/Security/RefusedResumeTests.cs",
        ]);

    private static readonly (Mutant Mutant, string Type, string Method, object?[] Arguments)[] s_all =
    [
        (new Mutant("any server is believed", "ServerDialer.cs",
            "return errors == SslPolicyErrors.None;", "return true;"),
            Tls, NotBelieved, ["other authority", "none of the authorities"]),
        (new Mutant("the server's name is not compared", "ServerDialer.cs",
            "return errors == SslPolicyErrors.None;",
            "return (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;"),
            Tls, NotBelieved, ["other name", "it is for "]),
        (new Mutant("a server that is not believed counts as away", "CredentialException.cs",
            "                case CredentialException found:\n                    return found.Message;\n", ""),
            Tls, NotBelieved, ["expired", "it expired on "]),
        (new Mutant("an older version of TLS is spoken", "TlsProtocol.cs",
            "=> SslProtocols.Tls13;", "=> SslProtocols.Tls13 | SslProtocols.Tls12;"),
            Tls, nameof(TlsTests.An_older_version_of_tls_is_refused), []),
        (new Mutant("a server that turns the client away counts as away", "SilentEnds.cs",
            "if (Volatile.Read(ref _count) < least)", "if (Volatile.Read(ref _count) < 1_000_000)"),
            Away,
            nameof(TurnedAwayTests.A_server_that_wants_a_certificate_and_gets_none_is_a_refusal_and_not_away),
            [2]),
        (new Mutant("a server that goes counts as one that turns away", "SilentEnds.cs",
            "? EndsInRow : 1;", "? 1 : 1;"),
            Away, nameof(TurnedAwayTests.A_server_that_goes_right_after_the_handshake_is_waited_for), []),
        (new Mutant("a key that lies open is used", "SecretFile.cs",
            "(mode & Others) == UnixFileMode.None", "mode != UnixFileMode.None"),
            Tls, nameof(TlsTests.A_key_that_others_may_read_is_refused_with_its_mode_and_what_to_do),
            [UnixFileMode.GroupRead, "0640"]),
        (new Mutant("the token travels in the open", "RemoteSwapClientOptions.cs",
            "&& !ServerAddress.IsTls(Address) && !ServerAddress.IsUnixSocket(Address) && !Address.IsLoopback",
            "&& false"),
            Token, nameof(TokenTests.In_the_open_it_is_refused_before_anything_is_sent), ["http://10.0.0.1:7420"]),
        (new Mutant("a token that was replaced is not read", "TokenSource.cs", " || _stamp != stamp", ""),
            Token, nameof(TokenTests.A_file_that_was_replaced_is_read_by_the_next_call), []),
        (new Mutant("a refused resume is waited for", "SessionSet.cs",
            "FailureCause.OfRefusal(failure.InnerException) ?? s_notResumed", "s_notResumed"),
            Resume, nameof(RefusedResumeTests.A_session_that_may_not_be_resumed_ends_the_calls_that_wait),
            [StatusCode.Unauthenticated, 10]),
    ];

    public static TheoryData<string> Names => [.. s_all.Select(one => one.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_safeguard_is_noticed_and_without_the_bug_the_test_passes(string name)
    {
        (Mutant mutant, string type, string method, object?[] arguments) =
            Array.Find(s_all, one => one.Mutant.Name == name);

        MutantOutcome control = Build.RunControl(type, method, arguments);

        Assert.False(control.Killed, control.ToString());
        Assert.True(Build.Run(mutant, type, method, arguments).Killed, $"not noticed: {name}");
    }
}
