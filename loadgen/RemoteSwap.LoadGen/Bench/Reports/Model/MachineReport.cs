namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>The computer and the runtime.</summary>
/// <param name="Cpu">The processor.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="MemoryBytes">Memory.</param>
/// <param name="Kernel">Operating system and kernel.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="BlockCodec">What compresses blocks.</param>
internal sealed record MachineReport(
    string Cpu, int Cores, long MemoryBytes, string Kernel, string Runtime, string BlockCodec);
