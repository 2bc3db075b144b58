using System.Reflection;
using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Regression;

/// <summary>Every regression test fails when its bug is put in, and none named after a bug is without one.</summary>
public sealed class RegressionMutationTests
{
    private const string Namespace = "RemoteSwap.Store.Tests.Regression.";

    private static readonly Type[] TestClasses =
        [typeof(RefusalTests), typeof(WritebackRaceTests), typeof(AccountingTests), typeof(LostAndLateTests)];

    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Regression/RefusalTests.cs",
        "Regression/WritebackRaceTests.cs",
        "Regression/AccountingTests.cs",
        "Regression/LostAndLateTests.cs");

    public static TheoryData<string> Names => [.. RegressionMutants.All.Select(row => row.Mutant.Name)];

    public static TheoryData<string> TestNames =>
    [
        .. TestClasses
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.StartsWith('B')
                || method.Name == nameof(RefusalTests.A_refused_store_leaves_no_old_page))
            .Select(method => method.Name),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_test_fails_when_the_bug_is_put_in(string name)
    {
        RegressionMutant row = RegressionMutants.All.Single(row => row.Mutant.Name == name);

        MutantOutcome outcome = Build.Run(row.Mutant, Namespace + row.TestClass, row.Test, row.Arguments);

        Assert.True(outcome.Killed, $"{row.Test} passes although '{name}'");
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.ToString());
    }

    [Theory]
    [MemberData(nameof(TestNames))]
    public void Each_test_has_a_bug_and_passes_without_it(string test)
    {
        RegressionMutant row = RegressionMutants.All.First(row => row.Test == test);

        MutantOutcome outcome = Build.RunControl(Namespace + row.TestClass, test, row.Arguments);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
