using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using RemoteSwap.Codec;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Options;

/// <summary>
/// The command line: declares every option, and turns a parsed line into <see cref="LoadOptions"/>. Every refusal
/// echoes the value and says what is allowed. Knows nothing of what the options do.
/// </summary>
internal sealed class CommandLine
{
    /// <summary>Most pages of a call; the wire contract's limit.</summary>
    public const int MaxBatchPages = 512;

    private const int MaxWorkers = 1_024;
    private const int MaxTenants = 64;
    private const int DefaultWorkers = 8;
    private const int DefaultBatchPages = 32;
    private const double MaxRatePagesPerSecond = 1e9;
    private static readonly TimeSpan s_defaultDuration = TimeSpan.FromSeconds(10);

    private readonly Option<ServerEndpoint?> _server = ValueOption.Parsed<ServerEndpoint?>(
        "--server", ServerEndpoint.TryParse, ServerEndpoint.Allowed);

    private readonly CredentialOptions _credentials = new();
    private readonly Option<string[]> _tenants = new("--tenant");
    private readonly Option<uint> _area = ValueOption.Number("--area", 0u, uint.MaxValue, 0u);
    private readonly Option<bool> _overwrite = new("--overwrite");
    private readonly Option<int> _workers = ValueOption.Number("--workers", 1, MaxWorkers, DefaultWorkers);
    private readonly Option<int> _batch = ValueOption.Number("--batch", 1, MaxBatchPages, DefaultBatchPages);
    private readonly Option<ByteSize?> _areaSize = ValueOption.Size("--area-size");
    private readonly Option<long?> _pages = ValueOption.OptionalNumber("--pages", 1, LoadOptions.MaxSlots);
    private readonly Option<ByteSize?> _data = ValueOption.Size("--data");
    private readonly Option<int> _readPercent = ValueOption.Number("--read-percent", 0, 100, 50);
    private readonly Option<DistributionKind> _distribution = ValueOption.Parsed<DistributionKind>(
        "--distribution", TryParseDistribution, "uniform, zipf, sequential or scan", DistributionKind.Zipf);

    private readonly Option<int> _hotPercent = ValueOption.Number("--hot-percent", 1, 99, 10);
    private readonly Option<SourceSpec[]> _sources = new("--source") { CustomParser = ParseSources };
    private readonly Option<TimeSpan?> _duration = ValueOption.Parsed<TimeSpan?>(
        "--duration", TryParseDuration, DurationText.Allowed);

    private readonly Option<long?> _count = ValueOption.OptionalNumber("--count", 0, long.MaxValue);
    private readonly Option<double?> _rate = ValueOption.Parsed<double?>(
        "--rate", TryParseRate, "pages a second, greater than 0 and at most 1000000000");

    private readonly Option<ulong?> _seed = ValueOption.Parsed<ulong?>(
        "--seed", TryParseSeed, "a number from 0 to 2^64 - 1");
    private readonly Option<ByteSize?> _memory = ValueOption.Size("--memory");
    private readonly Option<string?> _spill = new("--spill");
    private readonly Option<bool> _allowRefusals = new("--allow-refusals");
    private readonly Option<bool> _json = new("--json");
    private readonly Option<string?> _html = new("--html");
    private readonly Option<string?> _hgrm = new("--hgrm");
    private readonly Option<bool> _quiet = new("--quiet");
    private readonly Option<bool> _noColor = new("--no-color");
    private readonly RootCommand _root = new("Swaps real pages out to a page server and back, and checks every byte.");

    /// <summary>Declares the options.</summary>
    public CommandLine()
    {
        Option[] all =
        [
            _server, .. _credentials.All, _tenants, _area, _overwrite, _workers, _batch, _areaSize, _pages, _data,
            _readPercent, _distribution, _hotPercent, _sources, _duration, _count, _rate, _seed, _memory, _spill,
            _allowRefusals, _json, _html, _hgrm, _quiet, _noColor,
        ];
        foreach (Option option in all)
        {
            _root.Options.Add(option);
        }

        foreach (HelpOption help in _root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpTextAction();
        }
    }

    /// <summary>Names of all options, as written.</summary>
    public IEnumerable<string> OptionNames => _root.Options.Select(option => option.Name);

    /// <summary>Parses a command line; errors are in the result.</summary>
    public ParseResult Parse(IReadOnlyList<string> args) =>
        _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Reads the options of a line that parsed; null and messages if they do not go together.</summary>
    /// <param name="parsed">A result without errors.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public LoadOptions? Read(ParseResult parsed, ICollection<string> errors)
    {
        ServerEndpoint? server = parsed.GetValue(_server);
        LoadOptions options = new()
        {
            Server = server,
            Tls = _credentials.Tls(parsed, server, errors),
            TokenFile = server is null ? null : _credentials.TokenFile(parsed),
            Tenants = ReadTenants(parsed.GetValue(_tenants), server, errors),
            Area = parsed.GetValue(_area),
            Overwrite = parsed.GetValue(_overwrite),
            Workers = parsed.GetValue(_workers),
            BatchPages = parsed.GetValue(_batch),
            AreaSlots = ToPages("--area-size", parsed.GetValue(_areaSize), errors),
            Pages = parsed.GetValue(_pages) ?? ToPages("--data", parsed.GetValue(_data), errors),
            ReadPercent = parsed.GetValue(_readPercent),
            Distribution = parsed.GetValue(_distribution),
            HotPercent = parsed.GetValue(_hotPercent),
            Sources = parsed.GetValue(_sources) is { Length: > 0 } given
                ? given
                : [new SourceSpec(SourceKind.Self), new SourceSpec(SourceKind.Files)],
            Duration = parsed.GetValue(_duration)
                ?? (parsed.GetValue(_count) is null ? s_defaultDuration : (TimeSpan?)null),
            MixedPages = parsed.GetValue(_count),
            RatePagesPerSecond = parsed.GetValue(_rate),
            Seed = parsed.GetValue(_seed) ?? (ulong)Random.Shared.NextInt64(1, 1L << 32),
            Memory = parsed.GetValue(_memory),
            SpillFolder = parsed.GetValue(_spill),
            AllowRefusals = parsed.GetValue(_allowRefusals),
            Json = parsed.GetValue(_json),
            HtmlPath = parsed.GetValue(_html),
            HgrmPrefix = parsed.GetValue(_hgrm),
            Quiet = parsed.GetValue(_quiet),
            NoColor = parsed.GetValue(_noColor),
        };
        CheckTogether(parsed, options, errors);
        CheckConnection(options, errors);
        return errors.Count == 0 ? options : null;
    }

    private void CheckTogether(ParseResult parsed, LoadOptions options, ICollection<string> errors)
    {
        if (parsed.GetValue(_pages) is not null && parsed.GetValue(_data) is not null)
        {
            errors.Add("--pages and --data say the same thing; give one of them.");
        }

        if (parsed.GetValue(_duration) is not null && parsed.GetValue(_count) is not null)
        {
            errors.Add("--duration and --count both bound the mixed phase; give one of them.");
        }

        if (options.Server is not null && options.Memory is not null)
        {
            errors.Add("--memory limits the server in this process; with --server, set that server's own limit.");
        }

        if (options.SpillFolder is { } folder && (options.Server is not null || !Directory.Exists(folder)))
        {
            errors.Add($"--spill '{folder}' is a folder that exists, for the server in this process.");
        }

        foreach (string path in new[] { options.HtmlPath, options.HgrmPrefix }.OfType<string>())
        {
            string? directory = Path.GetDirectoryName(Path.GetFullPath(path));
            if (path.Length == 0 || !Directory.Exists(directory))
            {
                errors.Add($"'{path}' can not be written: there is no directory '{directory}'; make it first.");
            }
        }

        if (options.AreaSlots is long slots && options.Pages is long pages && slots < pages / options.Tenants.Count)
        {
            errors.Add($"--area-size of {slots} slots does not hold {pages / options.Tenants.Count} pages a tenant; "
                + "give a larger area or fewer pages.");
        }
    }

    private static void CheckConnection(LoadOptions options, ICollection<string> errors)
    {
        try
        {
            if (options.Server is { } server && errors.Count == 0)
            {
                options.ClientOptions(server.Address, options.Tenants[0]).Validate();
            }
        }
        catch (ArgumentException wrong)
        {
            errors.Add(wrong.Message);
        }
    }

    private static string[] ReadTenants(string[]? given, ServerEndpoint? server, ICollection<string> errors)
    {
        if (given is not { Length: > 0 })
        {
            return [server?.Tenant ?? "default"];
        }

        if (server?.Tenant is not null)
        {
            errors.Add($"--server names tenant '{server.Tenant}' and --tenant another; give one of them.");
        }

        if (given.Length > MaxTenants || given.Distinct(StringComparer.Ordinal).Count() != given.Length
            || !given.All(IsTenantName))
        {
            errors.Add($"--tenant '{string.Join(' ', given)}': give 1 to {MaxTenants} different names of letters, "
                + "digits, '-', '_' and '.'.");
        }

        return given;
    }

    private static bool IsTenantName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static long? ToPages(string option, ByteSize? size, ICollection<string> errors)
    {
        if (size is not ByteSize given)
        {
            return null;
        }

        if (given.Bytes < PageSize.Bytes || given.Bytes / PageSize.Bytes > LoadOptions.MaxSlots)
        {
            ByteSize most = new(LoadOptions.MaxSlots * PageSize.Bytes);
            errors.Add($"{option} {given}: must be from 4 KiB (one page) to {most}.");
            return null;
        }

        return given.Bytes / PageSize.Bytes;
    }

    private static SourceSpec[] ParseSources(ArgumentResult result)
    {
        List<SourceSpec> specs = [];
        foreach (Token token in result.Tokens)
        {
            if (SourceSpec.TryParse(token.Value, out SourceSpec? spec))
            {
                specs.Add(spec!);
            }
            else
            {
                result.AddError($"--source '{token.Value}': give {SourceSpec.Allowed}.");
            }
        }

        return [.. specs];
    }

    private static bool TryParseDistribution(string text, out DistributionKind kind)
    {
        (bool known, kind) = text switch
        {
            "uniform" => (true, DistributionKind.Uniform),
            "zipf" => (true, DistributionKind.Zipf),
            "sequential" => (true, DistributionKind.Sequential),
            "scan" => (true, DistributionKind.Scan),
            _ => (false, default),
        };
        return known;
    }

    private static bool TryParseDuration(string text, out TimeSpan? value)
    {
        bool parsed = DurationText.TryParse(text, out TimeSpan duration);
        value = duration;
        return parsed;
    }

    private static bool TryParseRate(string text, out double? value)
    {
        bool parsed = double.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate);
        value = rate;
        return parsed && rate is > 0 and <= MaxRatePagesPerSecond;
    }

    private static bool TryParseSeed(string text, out ulong? value)
    {
        bool parsed = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed);
        value = seed;
        return parsed;
    }
}
