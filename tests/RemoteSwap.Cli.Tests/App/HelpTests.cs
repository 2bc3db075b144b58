using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.App;

public sealed class HelpTests
{
    private const int MaxColumns = 120;
    private const int MaxLines = 60;

    public static TheoryData<string> Paths => [.. AllCommands(new CommandTree().Commands).Select(one => one.Text.Path)];

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task The_help_is_one_screen_with_every_command_and_shared_option(string option)
    {
        CliRun run = (await CliRun.StartAsync(option)).Expect(ExitCode.Ok);
        CommandTree tree = new();

        Assert.InRange(run.Output.TrimEnd().Split('\n').Length, 24, MaxLines);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, MaxColumns));
        Assert.All(tree.Commands, command =>
        {
            Assert.Contains($"\n  {command.Text.Name} ", run.Output, StringComparison.Ordinal);
            Assert.Contains($"  {command.Text.Example}\n", run.Output, StringComparison.Ordinal);
            Assert.InRange(command.Text.Summary.Length, 1, 43);
        });
        Assert.All(tree.Root.Options, one => Assert.Contains(one.Name, run.Output, StringComparison.Ordinal));
        Assert.Empty(run.Error);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task The_help_of_a_command_is_one_screen_with_every_option(string path)
    {
        CommandTree tree = new();
        CliCommand command = AllCommands(tree.Commands).Single(one => one.Text.Path == path);

        CliRun run = (await CliRun.StartAsync([.. path.Split(' '), "--help"])).Expect(ExitCode.Ok);

        Assert.InRange(run.Output.TrimEnd().Split('\n').Length, 5, MaxLines);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, MaxColumns));
        Assert.StartsWith($"remoteswap {path}: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Example: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes: ", run.Output, StringComparison.Ordinal);
        IEnumerable<Option> taken = tree.Shared.All
            .Where(shared => (shared.Set & command.Takes) != SharedSet.None).Select(shared => shared.Option);
        Assert.All([.. command.Options, .. taken], option =>
        {
            Assert.Matches($@"(?m)^  (.*, )?{option.Name}\b", run.Output);
            Assert.False(string.IsNullOrEmpty(option.Description), option.Name);
        });
        Assert.All(command.Arguments, one => Assert.Contains($"  {one.Name} ", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_version_names_the_runtime()
    {
        CliRun run = (await CliRun.StartAsync("--version")).Expect(ExitCode.Ok);

        Assert.Matches(@"^remoteswap \d+\.\d+\.\d+\S* \(\.NET .+, linux-\w+\)\n$", run.Output);
    }

    private static IEnumerable<CliCommand> AllCommands(IEnumerable<CliCommand> commands) =>
        commands.SelectMany(command => AllCommands(command.Subcommands).Prepend(command));
}
