using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Grpc.Net.Client;

namespace RemoteSwap.EndToEnd.Tests.Processes;

/// <summary>The server as a process of its own, as a user starts it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string AddressLine = "pages (gRPC)";
    private const string LastLine = "  tenant ";
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.OutputDataReceived += (_, _) => { };
        _process.Exited += (_, _) =>
            _reported.TrySetException(new InvalidOperationException($"the server ended: {Errors}"));
    }

    /// <summary>Where gRPC is served.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>All that it has said on its standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public int Id => _process.Id;

    /// <summary>Memory of the process that is resident now, as the system counts it.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a server on ports of its own and waits for its report.</summary>
    public static Task<ServerProcess> StartAsync(params string[] args) =>
        StartAsync(new Dictionary<string, string>(StringComparer.Ordinal), args);

    /// <summary>Starts a server with variables of its own in its environment.</summary>
    public static Task<ServerProcess> StartAsync(
        IReadOnlyDictionary<string, string> environment, params string[] args) =>
        StartAsync(environment, shell: null, args);

    /// <summary>Starts a server in a control group.</summary>
    /// <param name="processesFile">The group's file that takes the numbers of processes.</param>
    /// <param name="args">The command line.</param>
    public static Task<ServerProcess> StartInAsync(string processesFile, params string[] args) =>
        StartByAsync("echo $$ > \"$0\" && exec \"$@\"", processesFile, args);

    /// <summary>Starts a server by a shell that becomes it.</summary>
    /// <param name="script">What the shell does; <c>exec "$@"</c> is the server.</param>
    /// <param name="argument">The script's <c>$0</c>.</param>
    /// <param name="args">The command line.</param>
    public static Task<ServerProcess> StartByAsync(string script, string argument, params string[] args) =>
        StartAsync(new Dictionary<string, string>(StringComparer.Ordinal), (script, argument), args);

    private static async Task<ServerProcess> StartAsync(
        IReadOnlyDictionary<string, string> environment, (string Script, string Argument)? shell, string[] args)
    {
        // Limits do not depend on how short of memory the machine is, unless that is what is tested.
        ProcessStartInfo start = Command.Server(
        [
            .. Unless("--listen", "127.0.0.1:0"),
            .. Unless("--management", "127.0.0.1:0"),
            .. Unless("--Store:FloorPercent", "100"),
            .. args,
        ]);
        if (shell is { } by)
        {
            // The shell enters the group, say, and becomes the server.
            string[] command = [start.FileName, .. start.ArgumentList];
            start = Command.Of("/bin/sh", ["-c", by.Script, by.Argument, .. command]);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        ServerProcess server = new(start);
        server._process.Start();
        server._process.BeginErrorReadLine();
        server._process.BeginOutputReadLine();
        try
        {
            await server._reported.Task.WaitAsync(s_liveness);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;

        string[] Unless(string option, string value) =>
            Array.Exists(args, arg => arg.StartsWith(option, StringComparison.Ordinal)) ? [] : [$"{option}={value}"];
    }

    /// <summary>A channel to it.</summary>
    public GrpcChannel OpenChannel()
    {
        GrpcChannelOptions options = new() { MaxReceiveMessageSize = null };
        if (Address.Scheme != "unix")
        {
            return GrpcChannel.ForAddress(Address, options);
        }

        UnixDomainSocketEndPoint endPoint = new(Address.AbsolutePath);
        options.HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(endPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return GrpcChannel.ForAddress("http://localhost", options);
    }

    /// <summary>Sends SIGTERM, as an init system does.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Sends a signal.</summary>
    public async Task SignalAsync(string name)
    {
        ProcessResult sent = await Command.RunAsync(Command.Of("kill", [$"-{name}", $"{Id}"]));
        Assert.Equal(0, sent.ExitCode);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource bound = new(s_liveness);
        await _process.WaitForExitAsync(bound.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_errors)
        {
            _errors.AppendLine(line);
        }

        if (line.Contains(AddressLine, StringComparison.Ordinal))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Address = new Uri(words[2]);
        }

        if (line.StartsWith(LastLine, StringComparison.Ordinal))
        {
            _reported.TrySetResult();
        }
    }
}
