using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>Each safeguard of the seal that is taken away is noticed.</summary>
public sealed class SealMutants
{
    private const string Type = "RemoteSwap.Client.Tests.Sealing.SealTests";
    private const string Method = "Run";
    private const int Seeds = 20;

    private static readonly MutantBuild Build = new(
        ["client/RemoteSwap.Client"],
        [
            "tests/RemoteSwap.Client.Tests/Sealing/StoppedTime.cs",
            "tests/RemoteSwap.Client.Tests/Sealing/SealFolder.cs",
            "tests/RemoteSwap.Client.Tests/Sealing/SealRun.cs",
            "tests/RemoteSwap.Client.Tests/Sealing/SealTests.cs",
        ]);

    private static readonly Mutant[] s_mutants =
    [
        new("the associated data has no slot", "AreaSealer.cs",
            "        BinaryPrimitives.WriteUInt64LittleEndian(associated, slot);\n", ""),
        new("the tag is not checked", "AreaSealer.cs",
            "            zpage.Clear();\n            return false;\n        }\n    }",
            "            return true;\n        }\n    }"),
        new("a part of the tag is not compared", "PageSeal.cs",
            "BinaryPrimitives.WriteUInt32LittleEndian(tag, checksum);", "tag[..4].Clear();"),
        new("a life draws no salt, so that its counter begins anew under the same key", "LifeId.cs",
            "        RandomNumberGenerator.Fill(salt);\n", "salt.Fill(1);"),
        new("the salt is no part of the key: the nonce is the generation only", "SealLives.cs",
            "ring.TryDerive(id.Key, salt, info, key.Span)", "ring.TryDerive(id.Key, default, info, key.Span)"),
        new("the nonce does not count", "AreaSealer.cs",
            "        BinaryPrimitives.WriteUInt64LittleEndian(nonce, generation);\n", ""),
        new("areas have the same keys", "AreaSealer.cs",
            "        BinaryPrimitives.WriteUInt32LittleEndian(number, area);\n", ""),
        new("a page that is not sealed is believed", "PageForm.cs",
            "        if (sealer is not null)\n        {\n            return identity",
            "        if (false)\n        {\n            return identity"),
        new("the word of a page in the clear is not proven", "PageForm.cs",
            "\n                && sealer.IsFill("
            + "slot, generation, MemoryMarshal.Read<ulong>(zpage), identity.PageChecksum);",
            ";"),
    ];

    public static TheoryData<string> Names => [.. s_mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_safeguard_is_noticed(string name)
    {
        Mutant mutant = Array.Find(s_mutants, candidate => candidate.Name == name)!;

        Assert.True(Build.Run(mutant, Type, Method, 1, Seeds).Killed, $"{Seeds} seeds have not noticed: {name}");
    }

    [Fact]
    public void The_model_passes_without_one()
    {
        MutantOutcome outcome = Build.RunControl(Type, Method, 1, Seeds);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
