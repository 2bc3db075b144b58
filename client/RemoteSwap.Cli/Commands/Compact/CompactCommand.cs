using System.CommandLine;
using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Compact;

/// <summary>
/// Has the server merge a tenant's half-empty frames now, in calls of a fraction of a second, so that each has its
/// deadline and Ctrl-C ends it between two.
/// </summary>
internal sealed class CompactCommand : CliCommand
{
    private const int MaxFrames = 1 << 30;
    private const int FramesOfCall = 4096;

    private readonly Argument<string?> _tenant = new("TENANT")
    {
        Description = "the tenant, instead of the one in the URI",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _frames = ValueReader.Number(
        "--frames", "N", "the most frames (4 KiB each) to merge and move  [all]", 1, MaxFrames, MaxFrames);

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "compact", CommandGroup.Tenants, "merge half-empty frames, give memory back", "remoteswap compact vm7")
    {
        Notes =
        [
            "Pages stay where they are found, and no load waits for longer than a merge or two. The server does it by",
            "itself where half-empty frames are many (its setting Store:CompactAbovePercent).",
        ],
        ExitCodes = "0 nothing is left to merge, or --frames were, 64 usage, 69 server unavailable, 77 not permitted",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_tenant];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_frames];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        string tenant = run.ClientOptions(streams: 0, run.Value(_tenant)).Tenant;
        using AdminLink admin = run.OpenAdmin();
        int most = run.Value(_frames);
        string server = run.Server.WithTenant(tenant).ToString();
        CompactDocument? done = null;
        CompactResponse step;
        int left = most;
        do
        {
            step = await admin.CompactAsync(tenant, Math.Min(FramesOfCall, left), run.Stop);
            done = CompactDocument.Of(server, tenant, step, done);
            left = most - done.FramesMerged - done.FramesMoved;
        }
        while (left > 0 && step.FramesMerged + step.FramesMoved > 0);

        if (run.Json)
        {
            run.WriteJson(done, CliJsonContext.Default.CompactDocument);
        }
        else
        {
            run.Output.WriteLine(
                $"merged {done.FramesMerged} frames, moved {done.FramesMoved}; density "
                + $"{Amount.Ratio(done.DensityBefore)} became {Amount.Ratio(done.DensityAfter)}; "
                + $"{Amount.Bytes(done.GivenBackBytes)} given back");
        }

        return ExitCode.Ok;
    }
}
