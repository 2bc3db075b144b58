using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace RemoteSwap.Server.Options;

/// <summary>Lists every setting in force with its value and where it comes from.</summary>
internal static class ConfigurationPrinter
{
    private const int NameWidth = 40;
    private const int ValueWidth = 24;

    public static string Print(ServerSettings settings, IConfigurationRoot configuration)
    {
        StringBuilder text = new();
        PrintSection(text, settings, "", configuration);
        return text.ToString();
    }

    private static void PrintSection(
        StringBuilder text, object section, string prefix, IConfigurationRoot configuration)
    {
        if (section is IDictionary tenants)
        {
            foreach (DictionaryEntry tenant in tenants)
            {
                PrintSection(text, tenant.Value!, $"{prefix}{tenant.Key}:", configuration);
            }

            return;
        }

        foreach (PropertyInfo property in section.GetType().GetProperties())
        {
            object value = property.GetValue(section)!;
            string name = prefix + property.Name;
            if (value is string || value.GetType().IsValueType)
            {
                string origin = Origin(configuration, name);
                string shown = Convert.ToString(value, CultureInfo.InvariantCulture)!;
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"{name.PadRight(NameWidth)} {(shown.Length == 0 ? "\"\"" : shown).PadRight(ValueWidth)} {origin}");
            }
            else
            {
                PrintSection(text, value, name + ":", configuration);
            }
        }
    }

    private static string Origin(IConfigurationRoot configuration, string name)
    {
        foreach (IConfigurationProvider provider in configuration.Providers.Reverse())
        {
            if (provider.TryGet(name, out _))
            {
                return provider switch
                {
                    EnvironmentVariablesConfigurationProvider => "environment",
                    JsonConfigurationProvider file => file.Source.Path ?? "file",
                    _ => "command line",
                };
            }
        }

        return "default";
    }
}
