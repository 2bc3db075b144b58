using Microsoft.Extensions.Configuration;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Fuzz.Values;

/// <summary>A settings file of any content: it is no JSON, or is refused with a list of errors, or serves.</summary>
internal static class SettingsJudge
{
    public static void Judge(byte[] file)
    {
        IConfigurationRoot configuration;
        try
        {
            configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(file)).Build();
        }
        catch (Exception none) when (none is FormatException or InvalidDataException or System.Text.Json.JsonException)
        {
            // The platform's reader says where.
            return;
        }

        try
        {
            ValidSettings settings = SettingsLoader.Load(configuration, out ServerSettings written);
            FindingException.Unless(settings.Tenants.Count > 0, "there are settings without a tenant");
            FindingException.Unless(settings.Store.LimitBytes > 0, "there are settings without memory");
            _ = ConfigurationPrinter.Print(written, configuration);
        }
        catch (SettingsException refusal)
        {
            FindingException.Unless(refusal.Message.Length > 0, "settings are refused without a word");
        }
    }
}
