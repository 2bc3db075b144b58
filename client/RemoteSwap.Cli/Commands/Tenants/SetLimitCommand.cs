using System.CommandLine;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>Sets how much memory a tenant may use, and how much of it is its own.</summary>
internal sealed class SetLimitCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "the tenant" };
    private readonly Argument<ByteSize> _size = ValueReader.Argument<ByteSize>(
        "SIZE", "memory that it may use, 1MiB to 4TiB", ByteSize.TryParse, ByteSize.Allowed);

    private readonly Option<long?> _accept = ValueReader.OptionalNumber(
        "--accept-threshold", "PERCENT", "after a hit, take pages again at this share of it  [as it is]", 1, 100);

    private readonly Option<ByteSize?> _guarantee = ValueReader.Size(
        "--guarantee", "memory that is its own, whoever floods the server  [as it is]");

    private readonly Option<long?> _weight = ValueReader.OptionalNumber(
        "--weight", "N", "what it keeps beside others when the server is full  [as it is]", 1, 10_000);

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "tenants set-limit",
        CommandGroup.Tenants,
        "set a tenant's memory limit",
        "remoteswap tenants set-limit vm7 8GiB")
    {
        Notes = ["Stored pages stay, also above a new limit. Lasts until the server ends."],
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_name, _size];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_guarantee, _weight, _accept];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        SetTenantLimitsRequest request = new()
        {
            Tenant = run.Value(_name),
            LimitBytes = (ulong)run.Value(_size).Bytes,
        };
        if (run.Value(_accept) is long percent)
        {
            request.AcceptThresholdPercent = (uint)percent;
        }

        if (run.Value(_guarantee) is { } guarantee)
        {
            request.GuaranteeBytes = (ulong)guarantee.Bytes;
        }

        if (run.Value(_weight) is long weight)
        {
            request.Weight = (uint)weight;
        }

        return TenantChange.SendAsync(run, request);
    }
}
