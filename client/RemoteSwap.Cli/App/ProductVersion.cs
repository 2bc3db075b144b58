using System.Reflection;
using System.Runtime.InteropServices;

namespace RemoteSwap.Cli.App;

/// <summary>The version of this build and of what it runs on.</summary>
internal static class ProductVersion
{
    private const int CommitChars = 9;

    /// <summary>The version, with the commit where the build knew it.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown";

    /// <summary>What <c>--version</c> prints.</summary>
    public static string Line =>
        $"remoteswap {Short(Text)} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})";

    /// <summary>A version with its commit cut to what tells commits apart.</summary>
    public static string Short(string version)
    {
        int commit = version.IndexOf('+', StringComparison.Ordinal) + 1;
        return commit > 0 && version.Length > commit + CommitChars ? version[..(commit + CommitChars)] : version;
    }
}
