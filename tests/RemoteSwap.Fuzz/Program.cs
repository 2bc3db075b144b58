using System.Runtime.InteropServices;
using RemoteSwap.Fuzz.Core;
using SharpFuzz;

namespace RemoteSwap.Fuzz;

/// <summary>
/// The fuzz program: `afl TARGET` is what AFL++ drives, `replay TARGET FILE...` runs inputs with their stacks shown,
/// `seeds FOLDER` writes the seeds of all targets.
/// </summary>
internal static unsafe class Program
{
    private const int Usage = 64;
    private const int TraceBytes = 64 << 10;

    public static int Main(string[] arguments)
    {
        // Instrumented code counts its branches from its first step on, before AFL has said where, or without AFL.
        SharpFuzz.Common.Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(TraceBytes);
        switch (arguments)
        {
            case ["afl", string name] when TargetCatalog.Find(name) is { } target:
                Fuzzer.OutOfProcess.Run(stream => target.Run(ReadAll(stream)));
                return 0;
            case ["replay", string name, .. string[] files] when TargetCatalog.Find(name) is { } target:
                foreach (string file in files)
                {
                    Console.Error.WriteLine(file);
                    target.Run(File.ReadAllBytes(file));
                }

                return 0;
            case ["seeds", string folder]:
                WriteSeeds(folder);
                return 0;
            default:
                string names = string.Join(' ', TargetCatalog.All.Select(target => target.Name));
                Console.Error.WriteLine($"usage: afl TARGET | replay TARGET FILE... | seeds FOLDER; targets: {names}");
                return Usage;
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void WriteSeeds(string folder)
    {
        foreach (IFuzzTarget target in TargetCatalog.All)
        {
            string place = Path.Combine(folder, target.Name);
            Directory.CreateDirectory(place);
            foreach ((string name, byte[] input) in target.Seeds())
            {
                File.WriteAllBytes(Path.Combine(place, name), input);
            }
        }
    }
}
