using System.CommandLine;
using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Reclaim;

/// <summary>Has the server write a tenant's coldest frames to its spill file. No page is lost by it.</summary>
internal sealed class ReclaimCommand : CliCommand
{
    private const int MaxFrames = 1_048_576;
    private const int MaxRetries = 1_024;
    private const int DefaultRetries = 8;

    private readonly Argument<string?> _tenant = new("TENANT")
    {
        Description = "the tenant, instead of the one in the URI",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<long?> _frames = ValueReader.OptionalNumber(
        "--frames", "N", "frames (4 KiB of server memory each) to free, 1 to 1048576; required", 1, MaxFrames);

    private readonly Option<int> _retries = ValueReader.Number(
        "--retries", "N", "failures to bear before giving up, 1 to 1024  [8]", 1, MaxRetries, DefaultRetries);

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "reclaim", CommandGroup.Tenants, "write cold frames to the spill file", "remoteswap reclaim vm7 --frames 1000")
    {
        Notes =
        [
            "Needs a server with a spill file (its option --spill). Pages stay; loads of them come from the file.",
        ],
        ExitCodes = "0 so many frames are free, 1 fewer are, 64 usage, 69 server unavailable, 77 not permitted",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_tenant];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_frames, _retries];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        RemoteSwapClientOptions options = run.ClientOptions(streams: 0, run.Value(_tenant));
        int target = (int)(run.Value(_frames)
            ?? throw CommandFailedException.Usage("say how many frames to free, such as --frames 1000."));
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(options, run.Surroundings.Time);
        ReclaimResult result = await connection.ReclaimAsync(target, run.Value(_retries), run.Stop);
        if (run.Json)
        {
            ReclaimDocument document = new(
                run.Server.WithTenant(options.Tenant).ToString(),
                options.Tenant,
                JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Outcome.ToString()),
                target,
                result.FramesFreed,
                result.PagesWrittenBack,
                result.Detail);
            run.WriteJson(document, CliJsonContext.Default.ReclaimDocument);
        }
        else
        {
            run.Output.WriteLine(
                $"freed {result.FramesFreed} of {target} frames, wrote {result.PagesWrittenBack} pages back");
        }

        return result.Outcome == ReclaimOutcome.Freed
            ? ExitCode.Ok
            : throw CommandFailedException.Failed(
                $"the target of {target} frames of tenant '{options.Tenant}' was not reached "
                + $"({result.FramesFreed} freed): {Reason(result)} [reclaim outcome {result.Outcome}]");
    }

    private static string Reason(ReclaimResult result) => result.Outcome switch
    {
        ReclaimOutcome.NothingToReclaim when result.Detail.Length > 0 => result.Detail + ".",
        ReclaimOutcome.NothingToReclaim => "there is no frame to reclaim, or no spill file; see the server's --spill.",
        ReclaimOutcome.TryAgain => "frames were in use or the spill file is full; try again, or give more --retries.",
        _ => "the server no longer serves this tenant; its log says why.",
    };
}
