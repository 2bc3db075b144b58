using System.Runtime.CompilerServices;
using Xunit.v3;

namespace RemoteSwap.Vm.Tests.Comparison;

/// <summary>A measurement that is there only when it is asked for: no test run shall count it as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(ComparisonDiscoverer))]
public sealed class ComparisonFactAttribute(
    [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : FactAttribute(sourceFilePath, sourceLineNumber);
