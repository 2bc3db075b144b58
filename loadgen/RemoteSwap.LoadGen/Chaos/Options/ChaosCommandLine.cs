using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Chaos.Options;

/// <summary>The command line of <c>chaos</c>. Knows nothing of what the options do.</summary>
internal sealed class ChaosCommandLine
{
    private const int MaxWorkers = 64;
    private const int MinSlots = 64;
    private const int MaxSlots = 65_536;
    private const int MaxKills = 100_000;
    private static readonly TimeSpan s_defaultDuration = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_defaultDeadline = TimeSpan.FromSeconds(2);

    private readonly Option<ulong?> _seed = ValueOption.Parsed<ulong?>(
        "--seed", TryParseSeed, "a number from 0 to 2^64 - 1");

    private readonly Option<TimeSpan> _duration = ValueOption.Parsed(
        "--duration", DurationText.TryParse, DurationText.Allowed, s_defaultDuration);

    private readonly Option<TimeSpan> _deadline = ValueOption.Parsed(
        "--call-deadline", TryParseDeadline, "100ms to 1m", s_defaultDeadline);

    private readonly Option<int> _workers = ValueOption.Number("--workers", 1, MaxWorkers, 6);
    private readonly Option<int> _slots = ValueOption.Number("--slots", MinSlots, MaxSlots, 512);
    private readonly Option<bool> _spill = new("--spill");
    private readonly Option<int> _kills = ValueOption.Number("--kills", 0, MaxKills, 0);
    private readonly Option<bool> _json = new("--json");
    private readonly RootCommand _root = new("Kills, pauses and cuts off a page server while its answers are checked.");

    /// <summary>Declares the options.</summary>
    public ChaosCommandLine()
    {
        foreach (Option option in (Option[])[_seed, _duration, _workers, _slots, _deadline, _spill, _kills, _json])
        {
            _root.Options.Add(option);
        }

        foreach (HelpOption help in _root.Options.OfType<HelpOption>())
        {
            help.Action = new ChaosHelpAction();
        }
    }

    /// <summary>Names of all options, as written.</summary>
    public IEnumerable<string> OptionNames => _root.Options.Select(option => option.Name);

    /// <summary>Parses a command line; errors are in the result.</summary>
    public ParseResult Parse(IReadOnlyList<string> args) =>
        _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Reads the options of a line that parsed.</summary>
    /// <param name="parsed">A result without errors.</param>
    public ChaosOptions Read(ParseResult parsed) => new()
    {
        Seed = parsed.GetValue(_seed) ?? (ulong)Random.Shared.NextInt64(1, 1L << 32),
        Duration = parsed.GetValue(_duration),
        Workers = parsed.GetValue(_workers),
        Slots = parsed.GetValue(_slots),
        CallDeadline = parsed.GetValue(_deadline),
        Spill = parsed.GetValue(_spill),
        Kills = parsed.GetValue(_kills),
        Json = parsed.GetValue(_json),
    };

    private static bool TryParseDeadline(string text, out TimeSpan value) =>
        DurationText.TryParse(text, out value)
        && value >= TimeSpan.FromMilliseconds(100)
        && value <= TimeSpan.FromMinutes(1);

    private static bool TryParseSeed(string text, out ulong? value)
    {
        bool parsed = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed);
        value = seed;
        return parsed;
    }
}
