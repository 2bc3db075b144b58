namespace RemoteSwap.Mutants;

/// <summary>What a process is asked to run.</summary>
/// <param name="Name">The mutant.</param>
/// <param name="ImagePath">The assembly to load.</param>
/// <param name="TypeName">Full name of the test class.</param>
/// <param name="MethodName">The method.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record MutantRequest(
    string Name, string ImagePath, string TypeName, string MethodName, MutantArgument[] Arguments);
