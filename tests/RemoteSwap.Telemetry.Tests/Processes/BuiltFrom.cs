using System.Reflection;

namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>What the build of these tests knew: where other things are.</summary>
internal static class BuiltFrom
{
    public static string Get(string name) => typeof(BuiltFrom).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == name).Value!;
}
