using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>Sets how much memory a tenant may use, how much of it is its own, and its quotas.</summary>
internal sealed class SetLimitCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "the tenant" };
    private readonly Argument<ByteSize?> _size = ValueReader.OptionalArgument<ByteSize>(
        "SIZE", "memory that it may use, 1MiB to 4TiB  [as it is]", ByteSize.TryParse, ByteSize.Allowed);

    private readonly Option<long?> _accept = ValueReader.OptionalNumber(
        "--accept-threshold", "PERCENT", "after a hit, take pages again at this share of it  [as it is]", 1, 100);

    private readonly Option<ByteSize?> _guarantee = ValueReader.Size(
        "--guarantee", "memory that is its own, whoever floods the server  [as it is]");

    private readonly Option<long?> _weight = ValueReader.OptionalNumber(
        "--weight", "N", "what it keeps beside others when the server is full  [as it is]", 1, 10_000);

    private readonly QuotaOptions _quotas = new();

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "tenants set-limit",
        CommandGroup.Tenants,
        "set a tenant's memory limit and quotas",
        "remoteswap tenants set-limit vm7 8GiB")
    {
        Notes =
        [
            "Stored pages stay, also above a new limit. Lasts until the server ends. What is not given stays as it is;",
            "a quota of 0 is none. A tenant above --calls or --bytes is slowed down, and refused when it is 5 s ahead.",
        ],
        MoreExamples = ["remoteswap tenants set-limit vm7 --calls 2000 --bytes 200MiB"],
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_name, _size];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_guarantee, _weight, _accept, .. _quotas.All];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        SetTenantLimitsRequest request = new() { Tenant = run.Value(_name), Quotas = _quotas.Read(run) };
        bool isChange = request.Quotas is not null;
        if (run.Value(_size) is { } size)
        {
            request.LimitBytes = (ulong)size.Bytes;
            isChange = true;
        }

        if (run.Value(_accept) is long percent)
        {
            request.AcceptThresholdPercent = (uint)percent;
            isChange = true;
        }

        if (run.Value(_guarantee) is { } guarantee)
        {
            request.GuaranteeBytes = (ulong)guarantee.Bytes;
            isChange = true;
        }

        if (run.Value(_weight) is long weight)
        {
            request.Weight = (uint)weight;
            isChange = true;
        }

        return isChange
            ? TenantChange.SendAsync(run, request)
            : throw CommandFailedException.Usage(
                $"tenants set-limit {request.Tenant}: nothing is to be set; give SIZE or an option, such as --calls");
    }
}
