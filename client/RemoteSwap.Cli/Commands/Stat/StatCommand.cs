using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Stat;

/// <summary>Shows who is how full, and how well it packs: once, or again and again.</summary>
internal sealed class StatCommand : CliCommand
{
    private const string HomeAndClear = "\u001b[H\u001b[J";

    // The name says what a figure is of, and is none.
    private static readonly string[] s_fields =
    [
        .. CliJsonContext.Default.TenantFigures.Properties.Select(property => property.Name)
            .Where(name => name != "tenant"),
    ];

    private readonly Option<bool> _all = ValueReader.Switch("--all", "all tenants, although the URI names one");
    private readonly Option<TimeSpan?> _watch = ValueReader.Option<TimeSpan?>(
        "--watch", "SECONDS", "again after so long (2, 500ms, 1m), until Ctrl-C", TryParseWatch,
        "seconds such as 2, or a time such as 500ms");

    private readonly Option<long?> _count = ValueReader.OptionalNumber(
        "--count", "N", "with --watch: end after so many times", 1, int.MaxValue);

    private readonly Option<string?> _field = ValueReader.Option<string?>(
        "--field", "NAME", "one figure of one tenant, alone: density, used_bytes, any name of --json", TryParseField,
        "one of " + string.Join(", ", s_fields));

    /// <summary>Declares its options.</summary>
    public StatCommand() => _field.CompletionSources.Add(_ => s_fields);

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "stat", CommandGroup.Server, "how full and how dense each tenant is", "remoteswap stat --watch 2")
    {
        Notes =
        [
            "DENSITY zpages a frame, at most 2. RATIO page bytes a zpage byte, in frames. HIT-LIMIT stores that found",
            "the pool at its limit. SAME-FILLED pages of one repeated word, without a frame. WRITTEN-BACK pages that",
            "went to the spill file. Counters count since the server's start; --json has every one of them.",
        ],
        MoreExamples =
        [
            "remoteswap stat --field density -s remoteswap://host/vm7",
            "remoteswap stat --json | jq '.tenants[] | {tenant, used_bytes}'",
        ],
        ExitCodes = "0 ok (also when Ctrl-C ends --watch), 1 failed, 64 usage, 69 server unavailable, 77 not permitted",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_all, _watch, _count, _field];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        TimeSpan? watch = run.Value(_watch);
        if (run.Value(_count) is not null && watch is null)
        {
            throw CommandFailedException.Usage("--count goes with --watch only.");
        }

        if (run.Value(_field) is not null && run.Json)
        {
            throw CommandFailedException.Usage("--field prints one figure and --json all of them; give one of them.");
        }

        using AdminLink admin = run.OpenAdmin();
        long times = watch is null ? 1 : run.Value(_count) ?? long.MaxValue;
        for (long time = 0; time < times; time++)
        {
            try
            {
                if (time > 0)
                {
                    await Task.Delay(watch!.Value, run.Surroundings.Time, run.Stop);
                }

                Show(run, await AskAsync(run, admin), isWatch: watch is not null, isFirst: time == 0);
            }
            catch (OperationCanceledException) when (time > 0)
            {
                // Ctrl-C is how a watch ends.
                return ExitCode.Ok;
            }
        }

        return ExitCode.Ok;
    }

    private async Task<StatDocument> AskAsync(CommandRun run, AdminLink admin)
    {
        string? wanted = run.Value(_all) ? null : run.Server.Tenant;
        ListTenantsResponse reply = run.Value(_all)
            ? await admin.ListAsync(run.Stop)
            : await admin.SeeAsync(run.Server.Tenant, run.Stop);
        TenantFigures[] tenants =
        [
            .. reply.Tenants.Where(one => wanted is null || one.Tenant == wanted).Select(TenantFigures.Of),
        ];
        return wanted is null || tenants.Length > 0
            ? new StatDocument(
                run.Server.WithTenant(wanted).ToString(),
                run.Surroundings.Time.GetUtcNow(),
                reply.Server is { } server ? ServerFigures.Of(server) : null,
                tenants)
            : throw CommandFailedException.Failed(
                $"the server at {run.Server.WithTenant(null)} has no tenant '{wanted}'; it has "
                + $"{string.Join(", ", reply.Tenants.Select(one => $"'{one.Tenant}'"))}. [gRPC OK]");
    }

    private void Show(CommandRun run, StatDocument document, bool isWatch, bool isFirst)
    {
        if (run.Json)
        {
            run.WriteJson(document, CliJsonContext.Default.StatDocument, isLine: isWatch);
        }
        else if (run.Value(_field) is string field)
        {
            run.Output.WriteLine(Figure(document, field));
        }
        else
        {
            if (isWatch && run.Surroundings.IsOutputTerminal)
            {
                run.Output.Write(HomeAndClear);
            }
            else if (!isFirst)
            {
                run.Output.WriteLine();
            }

            StatTable.Write(document, run.Output);
        }
    }

    private static string Figure(StatDocument document, string field)
    {
        if (document.Tenants.Count != 1)
        {
            throw CommandFailedException.Usage($"--field {field} is of one tenant and the server has "
                + $"{document.Tenants.Count}; name one in the URI: {document.Address}/TENANT");
        }

        JsonElement figures = JsonSerializer.SerializeToElement(
            document.Tenants[0], CliJsonContext.Default.TenantFigures);
        JsonElement figure = figures.GetProperty(field);
        return figure.ValueKind == JsonValueKind.Null ? Amount.None : figure.GetRawText();
    }

    private static bool TryParseField(string text, out string? field)
    {
        field = text.Replace('-', '_');
        return s_fields.Contains(field, StringComparer.Ordinal);
    }

    private static bool TryParseWatch(string text, out TimeSpan? interval)
    {
        interval = null;
        string timed = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double _)
            ? text + "s"
            : text;
        if (DurationText.TryParse(timed, out TimeSpan parsed))
        {
            interval = parsed;
        }

        return interval is not null;
    }
}
