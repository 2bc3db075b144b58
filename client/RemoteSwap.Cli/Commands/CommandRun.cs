using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands;

/// <summary>One run of a command: what was given, where results go, and when to stop.</summary>
internal sealed class CommandRun(
    ParseResult parsed, SharedOptions shared, Surroundings surroundings, CancellationToken stop)
{
    /// <summary>What the program finds around it.</summary>
    public Surroundings Surroundings => surroundings;

    /// <summary>Where results go.</summary>
    public TextWriter Output => surroundings.Output;

    /// <summary>Where progress, remarks and errors go.</summary>
    public TextWriter Error => surroundings.Error;

    /// <summary>Cancelled at the first Ctrl-C.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Results as JSON.</summary>
    public bool Json => parsed.GetValue(shared.Json);

    /// <summary>No progress and no remarks.</summary>
    public bool Quiet => parsed.GetValue(shared.Quiet);

    /// <summary>Whether results may have colours.</summary>
    public bool Colors => surroundings.IsOutputTerminal
        && !parsed.GetValue(shared.NoColor)
        && string.IsNullOrEmpty(surroundings.Variable("NO_COLOR"));

    /// <summary>The area.</summary>
    public uint Area => parsed.GetValue(shared.Area);

    /// <summary>The longest time of a call, all its attempts together.</summary>
    public TimeSpan CallDeadline => parsed.GetValue(shared.Timeout);

    /// <summary>Whether the user has said how long a call may take.</summary>
    public bool IsTimeoutGiven => IsGiven(shared.Timeout);

    /// <summary>The server, from the command line, else the environment, else the default.</summary>
    /// <exception cref="CommandFailedException">The environment's is wrong.</exception>
    public ServerUri Server => parsed.GetValue(shared.Server) ?? ServerOfEnvironment();

    /// <summary>The file with the token; null: none.</summary>
    public string? TokenFile => Given(shared.TokenFile, SharedOptions.TokenVariable);

    /// <summary>How the server is known and who we are; null: without TLS.</summary>
    /// <exception cref="CommandFailedException">It was asked for, and the server's URI is one without TLS.</exception>
    public TlsOptions? Tls
    {
        get
        {
            if (Server.IsTls)
            {
                return new TlsOptions
                {
                    CaFile = Given(shared.Ca, SharedOptions.CaVariable),
                    CertificateFile = Given(shared.Certificate, SharedOptions.CertificateVariable),
                    KeyFile = Given(shared.Key, SharedOptions.KeyVariable),
                    ServerName = parsed.GetValue(shared.TlsServerName),
                };
            }

            // The environment's may be meant for other servers.
            Option[] asked = [shared.Ca, shared.Certificate, shared.Key, shared.TlsServerName];
            return asked.FirstOrDefault(IsGiven) is { } option
                ? throw CommandFailedException.Usage(
                    $"{option.Name} is given and {Server} is without TLS; write remoteswaps://, or leave it out")
                : null;
        }
    }

    /// <summary>An option's value.</summary>
    public T Value<T>(Option<T> option) => parsed.GetValue(option)!;

    /// <summary>An argument's value.</summary>
    public T Value<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>Whether an option stands on the command line.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>How the client library is to connect.</summary>
    /// <param name="streams">See <see cref="RemoteSwapClientOptions.Streams"/>.</param>
    /// <param name="tenant">The tenant; null: as the URI says.</param>
    /// <param name="stall">Calls wait for a server that is away, and for so long; null: they fail soon.</param>
    /// <param name="seal">How pages are sealed; null: they are not.</param>
    /// <exception cref="CommandFailedException">The library does not take what was given.</exception>
    public RemoteSwapClientOptions ClientOptions(
        int streams = 4, string? tenant = null, TimeSpan? stall = null, SealOptions? seal = null)
    {
        TimeSpan connect = stall is { } longest
            ? TimeoutLadder.Connect(longest)
            : TimeSpan.FromTicks(Math.Min(CallDeadline.Ticks, TimeoutLadder.LongestConnect.Ticks));
        RemoteSwapClientOptions options = new()
        {
            Address = Server.Address,
            Tls = Tls,
            TokenFile = TokenFile,
            Tenant = tenant ?? Server.TenantOrDefault,
            CallDeadline = stall ?? CallDeadline,
            WaitsForServer = stall is not null,
            ConnectTimeout = connect,
            InitialBackoff = TimeoutLadder.FirstBackoff(stall),
            MaxBackoff = TimeoutLadder.Backoff(stall),
            Streams = streams,
            Seal = seal,

            // What a device does for a guest's request is a part of that request's span, where it has one.
            StartsTraces = stall is null,
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException wrong)
        {
            throw CommandFailedException.Usage(wrong.Message);
        }

        return options;
    }

    /// <summary>Opens a connection for pages. Nothing is sent before the first call.</summary>
    /// <param name="streams">See <see cref="RemoteSwapClientOptions.Streams"/>.</param>
    /// <param name="seal">How pages are sealed; null: they are not.</param>
    public RemoteSwapConnection OpenConnection(int streams = 4, SealOptions? seal = null) =>
        RemoteSwapConnection.Open(ClientOptions(streams, seal: seal), surroundings.Time);

    /// <summary>Opens a link for what an operator asks. Nothing is sent before the first call.</summary>
    public AdminLink OpenAdmin() => new(Server, ClientOptions());

    /// <summary>Writes a document as a result.</summary>
    /// <param name="document">It.</param>
    /// <param name="type">Its generated description.</param>
    /// <param name="isLine">In one line, for documents that follow each other.</param>
    public void WriteJson<T>(T document, JsonTypeInfo<T> type, bool isLine = false) =>
        surroundings.Output.WriteLine(JsonText.Format(document, type, isLine));

    /// <summary>Writes a remark, unless the user wants none.</summary>
    public void Remark(string text)
    {
        if (!Quiet)
        {
            surroundings.Error.WriteLine(text);
        }
    }

    private string? Given(Option<string?> option, string variable) =>
        parsed.GetValue(option) ?? (surroundings.Variable(variable) is { Length: > 0 } text ? text : null);

    private ServerUri ServerOfEnvironment()
    {
        string? text = surroundings.Variable(SharedOptions.ServerVariable);
        if (string.IsNullOrEmpty(text))
        {
            return ServerUri.Default;
        }

        return ServerUri.TryParse(text, out ServerUri? server, out string? problem)
            ? server
            : throw CommandFailedException.Usage($"{SharedOptions.ServerVariable} '{text}' {problem}.");
    }
}
