using System.Collections;
using System.ComponentModel;
using System.Reflection;

namespace RemoteSwap.Server.Options;

/// <summary>
/// Puts configured values into the settings, one by one, and lists those that are of the wrong kind. The general binder
/// would stop at the first one, and of a tenant with a wrong value it would drop the whole tenant without a word.
/// </summary>
internal static class SettingsBinder
{
    /// <summary>Binds a section of the settings and all sections in it.</summary>
    /// <param name="configuration">What is configured for it.</param>
    /// <param name="section">The section, with its defaults.</param>
    /// <param name="errors">Takes one text for each wrong value.</param>
    public static void Bind(IConfiguration configuration, object section, List<string> errors)
    {
        foreach (PropertyInfo property in section.GetType().GetProperties())
        {
            IConfigurationSection configured = configuration.GetSection(property.Name);

            // Names that are no settings are found by ConfigurationKeys; here they are passed over.
            if (property.GetValue(section) is IDictionary tenants)
            {
                BindTenants(configured, tenants, property.PropertyType.GetGenericArguments()[1], errors);
            }
            else if (configured.Value is { } text)
            {
                BindValue(configured.Path, text, section, property, errors);
            }
            else if (property.PropertyType.Namespace == section.GetType().Namespace)
            {
                Bind(configured, property.GetValue(section)!, errors);
            }
        }
    }

    private static void BindTenants(
        IConfigurationSection configured, IDictionary tenants, Type type, List<string> errors)
    {
        foreach (IConfigurationSection child in configured.GetChildren())
        {
            object tenant = Activator.CreateInstance(type)!;
            tenants.Add(child.Key, tenant);
            Bind(child, tenant, errors);
        }
    }

    private static void BindValue(
        string path, string text, object section, PropertyInfo property, List<string> errors)
    {
        TypeConverter converter = TypeDescriptor.GetConverter(property.PropertyType);
        if (!converter.CanConvertFrom(typeof(string)))
        {
            return;
        }

        try
        {
            property.SetValue(section, converter.ConvertFromInvariantString(text));
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or OverflowException)
        {
            errors.Add($"{path} is '{text}'; it must be {Allowed(property.PropertyType)}");
        }
    }

    private static string Allowed(Type type)
    {
        if (type.IsEnum)
        {
            return string.Join(" or ", Enum.GetNames(type));
        }

        string number = type == typeof(double) ? "a number" : "a whole number";
        return type == typeof(bool) ? "true or false" : number;
    }
}
