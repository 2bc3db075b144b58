using System.CommandLine;
using System.Globalization;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands.Certs;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Commands.Tokens;

/// <summary>Makes a token: the secret goes into a file, the server's line to the output.</summary>
internal sealed class TokensNewCommand : CliCommand
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly Option<string?> _tenant = new("--tenant")
    {
        HelpName = "NAME",
        Description = "a token of a tenant; this or --admin",
    };

    private readonly Option<string?> _admin = new("--admin")
    {
        HelpName = "NAME",
        Description = "a token of an administrator",
    };

    private readonly Option<string?> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "where the token goes, mode 0600; must not be there yet (required)",
    };

    private readonly Option<DateTimeOffset?> _until = ValueReader.Option<DateTimeOffset?>(
        "--until",
        "TIME",
        "when it expires, such as 2027-01-31 or 2027-01-31T12:00:00Z  [never]",
        TryParseTime,
        "a day or a time in UTC, such as 2027-01-31T12:00:00Z");

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "tokens new",
        CommandGroup.Access,
        "make one; prints the server's line",
        "remoteswap tokens new --tenant vm7 --out vm7.token")
    {
        Notes =
        [
            "Prints the line for the server's token file, which holds a hash only. To rotate: make a new one, add its",
            "line, put its file in place of the client's (which reads it again), then take the old line out.",
        ],
        MoreExamples = ["remoteswap tokens new --tenant vm7 --out vm7.token --until 2027-01-31 >> tokens"],
        ExitCodes = "0 ok, 1 the file is there already or can not be written, 64 usage, 77 not permitted",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Json;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_tenant, _admin, _out, _until];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        Identity identity = IdentityOf(run);
        string path = run.Value(_out) is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : throw CommandFailedException.Usage("--out is missing; name the file that the token goes to");
        DateTimeOffset? until = run.Value(_until);
        if (until <= run.Surroundings.Time.GetUtcNow())
        {
            throw CommandFailedException.Usage($"--until {Text8601(until.Value)} is over already; give a later time");
        }

        if (File.Exists(path))
        {
            throw CommandFailedException.Failed($"--out '{path}' is there already and not written over; name another");
        }

        string token = AccessToken.New();
        SecretFile.Create(path, token + "\n");
        string kind = identity.Kind == IdentityKind.Tenant ? "tenant" : "admin";
        string hash = AccessToken.HashOf(token);
        string line = $"{kind} {identity.Name} {hash}" + (until is { } end ? $" until={Text8601(end)}" : "");
        if (run.Json)
        {
            run.WriteJson(
                new TokenDocument(kind, identity.Name, path, hash, until, line), CliJsonContext.Default.TokenDocument);
        }
        else
        {
            run.Output.WriteLine(line);
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static string Text8601(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static bool TryParseTime(string text, out DateTimeOffset? time)
    {
        bool parsed = DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", TimeFormat],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset found);
        time = found;
        return parsed;
    }

    private Identity IdentityOf(CommandRun run) => (run.Value(_tenant), run.Value(_admin)) switch
    {
        ({ } tenant, null) => CertificateOptions.Named("--tenant", IdentityKind.Tenant, tenant),
        (null, { } admin) => CertificateOptions.Named("--admin", IdentityKind.Admin, admin),
        _ => throw CommandFailedException.Usage("give --tenant NAME or --admin NAME, one of them"),
    };
}
