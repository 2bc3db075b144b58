using System.CommandLine;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>The options that set what a tenant may use beside memory.</summary>
internal sealed class QuotaOptions
{
    private const long Most = 1L << 50;

    private readonly Option<long?> _areas = Count("--areas", "areas that may have an owner at a time  [as it is]");
    private readonly Option<long?> _pages = Count("--pages", "pages that may be stored at a time  [as it is]");
    private readonly Option<long?> _streams = Count("--streams", "streams of clients at a time  [as it is]");
    private readonly Option<ByteSize?> _inFlight = ValueReader.Size(
        "--in-flight", "bytes of requests and replies under way  [as it is]");

    private readonly Option<long?> _calls = Count("--calls", "calls a second  [as it is]");
    private readonly Option<long?> _burst = Count("--burst", "calls that may come at once  [as it is]");
    private readonly Option<ByteSize?> _bytes = ValueReader.Size("--bytes", "bytes a second  [as it is]");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_areas, _pages, _streams, _inFlight, _calls, _burst, _bytes];

    /// <summary>What was given; null: nothing.</summary>
    public TenantQuotas? Read(CommandRun run)
    {
        TenantQuotas quotas = new();

        // Not "or else": each of them is to be set. A quota of 0 is a change too.
        bool isGiven = Set(run.Value(_areas), value => quotas.Areas = value)
            | Set(run.Value(_pages), value => quotas.Pages = value)
            | Set(run.Value(_streams), value => quotas.Streams = value)
            | Set(run.Value(_inFlight)?.Bytes, value => quotas.InFlightBytes = value)
            | Set(run.Value(_calls), value => quotas.CallsPerSecond = value)
            | Set(run.Value(_burst), value => quotas.CallBurst = value)
            | Set(run.Value(_bytes)?.Bytes, value => quotas.BytesPerSecond = value);
        return isGiven ? quotas : null;
    }

    private static bool Set(long? given, Action<ulong> set)
    {
        if (given is { } value)
        {
            set((ulong)value);
        }

        return given is not null;
    }

    private static Option<long?> Count(string name, string description) =>
        ValueReader.OptionalNumber(name, "N", description, 0, Most);
}
