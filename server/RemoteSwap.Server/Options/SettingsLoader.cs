namespace RemoteSwap.Server.Options;

/// <summary>Reads the settings from their sources, the later over the earlier: files, environment, command line.</summary>
internal static class SettingsLoader
{
    private const string FileName = "appsettings.json";
    private const string EnvironmentPrefix = "REMOTESWAP_";
    private const string TelemetryPrefix = "OTEL_";

    /// <summary>Sets up the sources.</summary>
    public static void AddSources(IConfigurationBuilder builder, ServerArguments arguments)
    {
        builder.Sources.Clear();
        builder.SetBasePath(AppContext.BaseDirectory).AddJsonFile(FileName, optional: true);
        if (arguments.ConfigFile is { } file)
        {
            builder.AddJsonFile(Path.GetFullPath(file), optional: false);
        }

        builder.AddEnvironmentVariables(EnvironmentPrefix);

        // The OpenTelemetry SDK reads its standard variables from the configuration too.
        builder.AddInMemoryCollection(
            Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
                .Where(variable => ((string)variable.Key).StartsWith(TelemetryPrefix, StringComparison.Ordinal))
                .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value)));
        builder.AddInMemoryCollection(arguments.Settings);
    }

    /// <summary>Binds and checks the settings.</summary>
    /// <exception cref="SettingsException">Something is wrong with them.</exception>
    public static ValidSettings Load(IConfiguration configuration, out ServerSettings settings)
    {
        settings = new ServerSettings();
        List<string> errors = ConfigurationKeys.FindUnknown(configuration);
        try
        {
            configuration.Bind(settings);
        }
        catch (InvalidOperationException failure)
        {
            // A value of the wrong type: the binder names the setting, its inner exception the value.
            errors.Add(failure.InnerException is null ? failure.Message : $"{failure.Message} {failure.InnerException.Message}");
        }

        ValidSettings valid = SettingsValidation.Run(settings, out IReadOnlyList<string> invalid);
        errors.AddRange(invalid);
        return errors.Count == 0 ? valid : throw new SettingsException(errors);
    }
}
