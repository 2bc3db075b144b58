using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Bench.Options;

/// <summary>The command line of <c>bench</c>. Knows nothing of what the options do.</summary>
internal sealed class BenchCommandLine
{
    private const string All = "all";
    private const string None = "none";
    private const int MaxRounds = 1_000;
    private const int DefaultRounds = 5;
    private const int QuickRounds = 2;
    private const double MinSeconds = 0.01;
    private const double MaxSeconds = 3_600;
    private const double DefaultSeconds = 1.5;
    private const double QuickSeconds = 0.25;
    private const long MinWorkingSetBytes = 4L << 20;
    private const long MaxWorkingSetBytes = 256L << 30;
    private const long DefaultWorkingSetBytes = 1L << 30;
    private const long QuickWorkingSetBytes = 32L << 20;

    private static readonly string s_setNames = Names<BenchSet>() + $" or {All}";
    private static readonly string s_peerNames = Names<PeerKind>() + $" separated by commas, or {None}";

    private readonly Argument<BenchSet[]> _sets = new("sets") { CustomParser = ParseSets };
    private readonly Option<bool> _quick = new("--quick");
    private readonly Option<long?> _repeat = ValueOption.OptionalNumber("--repeat", 1, MaxRounds);
    private readonly Option<double?> _seconds = ValueOption.Parsed<double?>(
        "--seconds",
        TryParseSeconds,
        FormattableString.Invariant($"seconds from {MinSeconds} to {MaxSeconds}"));

    private readonly Option<ByteSize?> _workingSet = ValueOption.Size("--working-set");
    private readonly Option<PeerKind[]?> _against = ValueOption.Parsed<PeerKind[]?>(
        "--against", TryParsePeers, s_peerNames, [PeerKind.Redis, PeerKind.Garnet]);

    private readonly Option<string?> _json = new("--json");
    private readonly Option<string?> _html = new("--html");
    private readonly RootCommand _root = new("Measures the page server next to its ceilings.");

    /// <summary>Declares the options.</summary>
    public BenchCommandLine()
    {
        _sets.Arity = ArgumentArity.ZeroOrMore;
        _root.Arguments.Add(_sets);
        foreach (Option option in (Option[])[_quick, _repeat, _seconds, _workingSet, _against, _json, _html])
        {
            _root.Options.Add(option);
        }

        foreach (HelpOption help in _root.Options.OfType<HelpOption>())
        {
            help.Action = new BenchHelpAction();
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
    public BenchOptions? Read(ParseResult parsed, ICollection<string> errors)
    {
        bool quick = parsed.GetValue(_quick);
        BenchOptions options = new()
        {
            Sets = parsed.GetValue(_sets) is { Length: > 0 } sets ? sets : [BenchSet.Headline],
            Rounds = (int)(parsed.GetValue(_repeat) ?? (quick ? QuickRounds : DefaultRounds)),
            LegTime = TimeSpan.FromSeconds(parsed.GetValue(_seconds) ?? (quick ? QuickSeconds : DefaultSeconds)),
            WorkingSetBytes = parsed.GetValue(_workingSet)?.Bytes
                ?? (quick ? QuickWorkingSetBytes : DefaultWorkingSetBytes),
            Quick = quick,
            Against = parsed.GetValue(_against) ?? [],
            JsonPath = parsed.GetValue(_json),
            HtmlPath = parsed.GetValue(_html),
        };
        if (options.WorkingSetBytes is < MinWorkingSetBytes or > MaxWorkingSetBytes)
        {
            errors.Add($"--working-set {new ByteSize(options.WorkingSetBytes)}: must be from "
                + $"{new ByteSize(MinWorkingSetBytes)} to {new ByteSize(MaxWorkingSetBytes)}.");
        }

        foreach (string path in new[] { options.JsonPath, options.HtmlPath }.OfType<string>())
        {
            string? directory = path.Length == 0 ? null : Path.GetDirectoryName(Path.GetFullPath(path));
            if (path != BenchOptions.ToOutput && !Directory.Exists(directory))
            {
                errors.Add($"'{path}' can not be written: there is no directory '{directory}'; make it first.");
            }
        }

        return errors.Count == 0 ? options : null;
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(Written));

    private static string Written(string name) => name.ToLowerInvariant();

    private static BenchSet[] ParseSets(ArgumentResult result)
    {
        List<BenchSet> sets = [];
        foreach (Token token in result.Tokens)
        {
            if (token.Value == All)
            {
                sets.AddRange(Enum.GetValues<BenchSet>());
            }
            else if (TryParseName(token.Value, out BenchSet set))
            {
                sets.Add(set);
            }
            else
            {
                result.AddError($"'{token.Value}': give {s_setNames}.");
            }
        }

        return [.. sets.Distinct()];
    }

    private static bool TryParsePeers(string text, out PeerKind[]? peers)
    {
        peers = null;
        if (text == None)
        {
            peers = [];
            return true;
        }

        List<PeerKind> found = [];
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!TryParseName(name, out PeerKind kind))
            {
                return false;
            }

            found.Add(kind);
        }

        peers = [.. found.Distinct()];
        return true;
    }

    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        foreach (T candidate in Enum.GetValues<T>())
        {
            if (Written(candidate.ToString()) == text)
            {
                value = candidate;
                return true;
            }
        }

        return false;
    }

    private static bool TryParseSeconds(string text, out double? value)
    {
        bool parsed = double.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds);
        value = seconds;
        return parsed && seconds is >= MinSeconds and <= MaxSeconds;
    }
}
