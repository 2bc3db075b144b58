using RemoteSwap.Mutants;

namespace RemoteSwap.Store.Tests.Regression;

/// <summary>A bug and the test that must fail when it is put in.</summary>
internal sealed record RegressionMutant(string TestClass, string Test, object[] Arguments, Mutant Mutant);
