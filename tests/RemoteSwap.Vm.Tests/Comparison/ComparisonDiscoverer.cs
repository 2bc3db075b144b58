using Xunit.Sdk;
using Xunit.v3;

namespace RemoteSwap.Vm.Tests.Comparison;

/// <summary>Finds a measurement when the number of its runs is set, and nothing otherwise.</summary>
public sealed class ComparisonDiscoverer : FactDiscoverer
{
    /// <summary>How often each disk is measured; guest/compare.sh sets it.</summary>
    public const string RunsVariable = "VM_COMPARE_RUNS";

    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        Environment.GetEnvironmentVariable(RunsVariable) is { Length: > 0 }
            ? base.Discover(discoveryOptions, testMethod, factAttribute)
            : ValueTask.FromResult<IReadOnlyCollection<IXunitTestCase>>([]);
}
