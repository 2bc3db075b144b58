using System.Collections;
using System.Reflection;

namespace RemoteSwap.Server.Options;

/// <summary>
/// The names that settings may have, taken from the settings classes. A name that is not one of them is an error: a
/// misspelt limit must not be a limit that is not there.
/// </summary>
internal static class ConfigurationKeys
{
    private static readonly string[] s_foreignRoots = ["Logging", "OTEL_"];

    // REMOTESWAP_URI and so on are the tool's: whoever has set them may start a server too.
    private static readonly string[] s_toolNames = ["URI", "CA", "CERT", "KEY", "TOKEN_FILE"];

    /// <summary>Lists the configured names that are no settings.</summary>
    public static List<string> FindUnknown(IConfiguration configuration)
    {
        List<string> unknown = [];
        foreach ((string name, string? value) in configuration.AsEnumerable())
        {
            bool isForeign = Array.Exists(
                s_foreignRoots, root => name.StartsWith(root, StringComparison.OrdinalIgnoreCase))
                || s_toolNames.Contains(name, StringComparer.OrdinalIgnoreCase);
            if (value is not null && !isForeign && !IsKnown(typeof(ServerSettings), name.Split(':')))
            {
                unknown.Add($"{name} is no setting (--print-config lists all of them)");
            }
        }

        return unknown;
    }

    private static bool IsKnown(Type section, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return !IsSection(section);
        }

        if (typeof(IDictionary).IsAssignableFrom(section))
        {
            return IsKnown(section.GetGenericArguments()[1], path[1..]);
        }

        PropertyInfo? property = IsSection(section)
            ? section.GetProperty(path[0], BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
            : null;
        return property is not null && IsKnown(property.PropertyType, path[1..]);
    }

    private static bool IsSection(Type type) => type.Namespace == typeof(ServerSettings).Namespace && type.IsClass;
}
