namespace RemoteSwap.LoadGen.Bench.Observers;

/// <summary>Reads a server's metrics each second, as Prometheus does, until it is disposed of.</summary>
internal sealed class Scraper : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _metrics;
    private readonly Task _scraping;
    private int _scrapes;
    private string? _failure;

    /// <summary>Begins.</summary>
    /// <param name="management">The server's management address.</param>
    public Scraper(string management)
    {
        _metrics = new Uri(new Uri(management), "/metrics");
        _scraping = ScrapeAsync();
    }

    /// <summary>Why nothing was read; null: something was.</summary>
    public string? Failure => _failure ?? (_scrapes == 0 ? "nothing was scraped" : null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _scraping;
        _http.Dispose();
        _end.Dispose();
    }

    private async Task ScrapeAsync()
    {
        using PeriodicTimer timer = new(s_interval);
        try
        {
            do
            {
                byte[] metrics = await _http.GetByteArrayAsync(_metrics, _end.Token);
                _scrapes += metrics.Length > 0 ? 1 : 0;
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (HttpRequestException failed)
        {
            _failure = failed.Message;
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
