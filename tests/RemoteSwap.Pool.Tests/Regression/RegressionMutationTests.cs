using System.Reflection;
using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Pool.Tests.Regression;

/// <summary>Every regression test fails when its bug is put in, and none is without a bug.</summary>
public sealed class RegressionMutationTests
{
    private const string Tests = "RemoteSwap.Pool.Tests.Regression.RegressionTests";

    private static readonly MutantBuild Build = new(
        ["server/RemoteSwap.Pool"],
        [
            "tests/RemoteSwap.Pool.Tests/SwitchedFrames.cs",
            "tests/RemoteSwap.Pool.Tests/DirtyFrames.cs",
            "tests/RemoteSwap.Pool.Tests/Noise.cs",
            "tests/RemoteSwap.Pool.Tests/PoolRig.cs",
            "tests/RemoteSwap.Pool.Tests/Regression/RegressionTests.cs",
        ]);

    public static TheoryData<string> Names => [.. RegressionMutants.All.Select(row => row.Mutant.Name)];

    public static TheoryData<string> TestNames =>
    [
        .. typeof(RegressionTests).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .Select(method => method.Name),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_test_fails_when_the_bug_is_put_in(string name)
    {
        (string test, Mutant mutant) = RegressionMutants.All.Single(row => row.Mutant.Name == name);

        MutantOutcome outcome = Build.Run(mutant, Tests, test);

        Assert.True(outcome.Killed, $"{test} passes although '{name}'");
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.ToString());
    }

    [Theory]
    [MemberData(nameof(TestNames))]
    public void Each_test_has_a_bug_and_passes_without_it(string test)
    {
        Assert.Contains(RegressionMutants.All, row => row.Test == test);

        MutantOutcome outcome = Build.RunControl(Tests, test);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
