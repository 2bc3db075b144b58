using RemoteSwap.Mutants;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>Each safeguard of the beginning of TLS that is taken away is noticed.</summary>
public sealed class TlsMutants
{
    private const string Type = "RemoteSwap.Nbd.Tests.Protocol.TlsTests";

    private static readonly MutantBuild Build = new(
        ["client/RemoteSwap.Nbd"],
        [
            "tests/RemoteSwap.Nbd.Tests/GlobalUsings.cs",
            "tests/RemoteSwap.Nbd.Tests/Support",
            "tests/RemoteSwap.Nbd.Tests/Protocol/TlsTests.cs",
        ]);

    private static readonly (Mutant Mutant, string Method)[] s_all =
    [
        (new Mutant("plain bytes behind STARTTLS are left lying", "ConnectionStream.cs",
            "if (Input.Buffered > 0)", "if (false)"),
            nameof(TlsTests.Plain_bytes_behind_starttls_are_not_taken_for_something_said_over_tls)),
        (new Mutant("clients without TLS are served where it is required", "Handshake.cs",
            "_options.RequireTls && !_stream.IsTls", "false"),
            nameof(TlsTests.Where_tls_is_required_nothing_else_is_answered)),
        (new Mutant("what was negotiated in the open holds over TLS", "Handshake.cs",
            "            _isStructured = false;\n            _contexts.Reset();\n", ""),
            nameof(TlsTests.Tls_is_begun_and_all_that_was_negotiated_before_is_void)),
    ];

    public static TheoryData<string> Names => [.. s_all.Select(one => one.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_safeguard_is_noticed_and_without_the_bug_the_test_passes(string name)
    {
        (Mutant mutant, string method) = Array.Find(s_all, one => one.Mutant.Name == name);

        MutantOutcome control = Build.RunControl(Type, method);

        Assert.False(control.Killed, control.ToString());
        Assert.True(Build.Run(mutant, Type, method).Killed, $"not noticed: {name}");
    }
}
