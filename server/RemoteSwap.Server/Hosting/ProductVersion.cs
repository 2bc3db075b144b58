using System.Reflection;

namespace RemoteSwap.Server.Hosting;

/// <summary>The version of this build.</summary>
internal static class ProductVersion
{
    /// <summary>The version, with the commit where the build knew it.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown";
}
