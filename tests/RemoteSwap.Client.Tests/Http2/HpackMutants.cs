using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Each check of what comes in that is taken away is noticed.</summary>
public sealed class HpackMutants
{
    private const string Type = "RemoteSwap.Client.Tests.Http2.HpackRun";
    private const string Method = "Check";
    private const int Seed = 1;
    private const int Rounds = 2000;

    private static readonly MutantBuild Build = new(
        ["protos/RemoteSwap.Wire"],
        [
            "tests/RemoteSwap.Client.Tests/Http2/BadHeads.cs",
            "tests/RemoteSwap.Client.Tests/Http2/DotNetHuffman.cs",
            "tests/RemoteSwap.Client.Tests/Http2/FieldList.cs",
            "tests/RemoteSwap.Client.Tests/Http2/HeadBytes.cs",
            "tests/RemoteSwap.Client.Tests/Http2/HpackRun.cs",
        ]);

    private static readonly Mutant[] s_mutants =
    [
        new("filling of any bits is taken", "HuffmanCode.cs", " && window == ~(ulong.MaxValue >> bits)", ""),
        new("filling of any length is taken", "HuffmanCode.cs", "bits <= MostFillingBits && ", ""),
        new("filling of eight bits is taken", "HuffmanCode.cs", "MostFillingBits = 7", "MostFillingBits = 8"),
        new("the end of a string is taken for a byte", "HuffmanCode.cs", "symbol == EndOfString || ", ""),
        new("the room's end is not seen", "HuffmanCode.cs", " || bytes == room.Length", ""),
        new("two lengths of codes are swapped", "HuffmanCode.cs", "21, 21, 26, 26, 28", "21, 26, 21, 26, 28"),
        new("a string is read beyond its end", "HeaderBlockReader.cs", " || length > _rest.Length", ""),
        new("a number loses its upper bits", "HeaderBlockReader.cs",
            "number = (int)Math.Min(sum, MostNumber);\n                return sum <= MostNumber;",
            "number = (int)(sum & 0x0FFF_FFFF);\n                return true;"),
        new("a number may have one part more", "HeaderBlockReader.cs", "MostParts = 5", "MostParts = 6"),
        new("a number may be cut", "HeaderBlockReader.cs",
            "        return false;\n    }\n\n    // Section 5.2.",
            "        return true;\n    }\n\n    // Section 5.2."),
        new("a name may be empty, or of a dynamic table", "HeaderBlockReader.cs", "!name.IsEmpty && ", ""),
        new("an index beyond the table is its last", "HeaderBlockReader.cs",
            "            name = StaticTable.Name(index);",
            "            name = StaticTable.Name(Math.Min(index, StaticTable.Last));"),
        new("a table may have a size", "HeaderBlockReader.cs", " || size != 0", ""),
        new("a table's size may come anywhere", "HeaderBlockReader.cs",
            "        if (IsNext(ResizeBits))\n        {\n            return false;\n        }\n",
            "        if (!TryReadResizes())\n        {\n            return false;\n        }\n"),
        new("a field counts for its bytes only", "HeaderDecoder.cs", "left -= FieldBytes;", ""),
        new("fields are not added up", "HeaderDecoder.cs", "left -= name.Length + value.Length;", ""),
    ];

    public static TheoryData<string> Names => [.. s_mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_check_is_noticed(string name)
    {
        Mutant mutant = Array.Find(s_mutants, candidate => candidate.Name == name)!;

        Assert.True(Build.Run(mutant, Type, Method, Seed, Rounds).Killed, $"{Rounds} rounds have not noticed: {name}");
    }

    [Fact]
    public void The_checks_pass_without_one()
    {
        MutantOutcome outcome = Build.RunControl(Type, Method, Seed, Rounds);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
