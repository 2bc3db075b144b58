namespace RemoteSwap.Server.Options;

/// <summary>
/// Reads the settings from their sources, the later over the earlier: files, environment, command line.
/// </summary>
internal static class SettingsLoader
{
    private const string FileName = "appsettings.json";
    private const string EnvironmentPrefix = "REMOTESWAP_";
    private const string TelemetryPrefix = "OTEL_";

    /// <summary>Sets up the sources.</summary>
    /// <exception cref="SettingsException">A settings file is not there or is no JSON.</exception>
    public static void AddSources(IConfigurationBuilder builder, ServerArguments arguments)
    {
        builder.Sources.Clear();
        try
        {
            builder.SetBasePath(AppContext.BaseDirectory).AddJsonFile(FileName, optional: true);
            if (arguments.ConfigFile is { } file)
            {
                builder.AddJsonFile(Path.GetFullPath(file), optional: false);
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The reader of JSON names the file, its inner exception line and place.
            string place = failure.InnerException is null ? "" : $" {failure.InnerException.Message}";
            throw new SettingsException([$"a settings file cannot be read: {failure.Message}{place}"]);
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
        SettingsBinder.Bind(configuration, settings, errors);
        ValidSettings valid = SettingsValidation.Run(settings, out IReadOnlyList<string> invalid);
        errors.AddRange(invalid);
        return errors.Count == 0 ? valid : throw new SettingsException(errors);
    }
}
