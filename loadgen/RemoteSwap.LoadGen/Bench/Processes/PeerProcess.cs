using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using RemoteSwap.LoadGen.Bench.Peers;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>
/// A peer's server in a process of its own. A shell stands between, which kills the peer, by its id, when its input
/// ends: so it ends with this process, however that ends.
/// </summary>
internal sealed class PeerProcess : IMeasuredServer, IAsyncDisposable
{
    private const string Keeper = """
        trap '' INT; log="$1"; shift; "$@" >"$log" 2>&1 </dev/null & peer=$!; echo "$peer"; read -r _;
        kill -9 "$peer"; wait "$peer" 2>"$log"
        """;

    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly Process _keeper;
    private readonly int _peerId;

    private PeerProcess(Process keeper, int peerId)
    {
        _keeper = keeper;
        _peerId = peerId;
    }

    /// <summary>The number of the peer's process. It is not used again before this is disposed of.</summary>
    public int Id => _peerId;

    /// <summary>Starts a peer and waits until it listens.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="socketPath">The socket file that it is going to listen on.</param>
    /// <param name="ct">Gives the start up.</param>
    /// <returns>The peer; null and a reason if it does not come up.</returns>
    public static async Task<(PeerProcess? Peer, string Reason)> TryStartAsync(
        IReadOnlyList<string> command, string socketPath, CancellationToken ct)
    {
        string log = socketPath + ".log";
        ProcessStartInfo start = new("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string part in (IEnumerable<string>)["-c", Keeper, "peer", log, .. command])
        {
            start.ArgumentList.Add(part);
        }

        Process keeper;
        try
        {
            keeper = Process.Start(start)!;
        }
        catch (Win32Exception failed)
        {
            return (null, failed.Message);
        }

        // The shell says the number at once, whatever becomes of the peer.
        string? id = await keeper.StandardOutput.ReadLineAsync(CancellationToken.None);
        PeerProcess peer = new(keeper, int.Parse(id ?? "0", CultureInfo.InvariantCulture));
        bool listens = false;
        try
        {
            listens = await peer.ListensAsync(socketPath, ct);
            if (listens)
            {
                return (peer, string.Empty);
            }
        }
        finally
        {
            if (!listens)
            {
                await peer.DisposeAsync();
            }
        }

        string? said = File.Exists(log) ? File.ReadLines(log).LastOrDefault(line => line.Length > 0) : null;
        return (null, $"{command[0]} does not come up: {said ?? "it says nothing"}");
    }

    /// <inheritdoc/>
    public Task<ServerFigures> ReadAsync(CancellationToken ct) => Task.FromResult(
        new ServerFigures(ProcessFigures.CpuSeconds(_peerId), AllocatedBytes: null, FullCollections: null));

    /// <inheritdoc/>
    public long ResidentBytes() => ProcessFigures.ResidentBytes(_peerId);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ProcessEnd.CloseAsync(_keeper);

    private async Task<bool> ListensAsync(string socketPath, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_startTime && ProcessFigures.ResidentBytes(_peerId) > 0)
        {
            try
            {
                using Socket socket = PeerSocket.Connect(socketPath);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(s_pause, ct);
            }
        }

        return false;
    }
}
