using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.Commands.Ping;
using RemoteSwap.Cli.Commands.Stat;
using RemoteSwap.Client;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Top;

/// <summary>Asks the server, and makes rates of two answers. For one thread.</summary>
internal sealed class TopSource : IAsyncDisposable
{
    // So many that there is a middle and an end, and so few that they cost the server nothing.
    private const int Pings = 9;

    private readonly CommandRun _run;
    private readonly AdminLink _admin;
    private readonly RemoteSwapConnection _connection;
    private Dictionary<string, TenantFigures> _before = new(StringComparer.Ordinal);
    private long _asked;

    /// <summary>Sends nothing yet.</summary>
    public TopSource(CommandRun run)
    {
        _run = run;
        _admin = run.OpenAdmin();
        _connection = run.OpenConnection(streams: 1);
    }

    /// <summary>Whether there was an answer, from which the next one's rates count.</summary>
    public bool HasAnswer => _asked != 0;

    /// <summary>Asks once. The first answer's rates are 0: there is nothing to compare it with.</summary>
    public async Task<TopDocument> AskAsync(TopOrder order)
    {
        PingSeries series = new(_connection, _run.Surroundings.Time);
        if (!HasAnswer)
        {
            await series.ConnectAsync(_run.Stop);
        }

        await series.RunAsync(Pings, TimeSpan.Zero, each: null, _run.Stop);
        ListTenantsResponse reply = await _admin.ListAsync(_run.Stop);
        long now = _run.Surroundings.Time.GetTimestamp();
        double seconds = HasAnswer ? _run.Surroundings.Time.GetElapsedTime(_asked, now).TotalSeconds : 1;
        TenantFigures[] figures = [.. reply.Tenants.Select(TenantFigures.Of)];
        ServerFigures server = ServerFigures.Of(reply.Server ?? new ServerStatistics());
        TopTenant[] tenants =
        [
            .. figures.Select(one => TopTenant.Of(one, _before.GetValueOrDefault(one.Tenant, one), seconds)),
        ];
        TopDocument document = new(
            _run.Server.WithTenant(null).ToString(),
            _run.Surroundings.Time.GetUtcNow(),
            Math.Round(HasAnswer ? seconds : 0, 3),
            TopDocument.StateOf(server, tenants),
            TopPing.Of(series.Samples),
            server,
            order.Sort(tenants));
        _before = figures.ToDictionary(one => one.Tenant, StringComparer.Ordinal);
        _asked = now;
        return document;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _connection.DisposeAsync();
    }
}
