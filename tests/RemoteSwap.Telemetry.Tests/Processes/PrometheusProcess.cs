using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>A real Prometheus with the configuration of the deploy folder, on other ports and quicker.</summary>
internal sealed partial class PrometheusProcess : IAsyncDisposable
{
    private readonly OwnProcess _process;
    private readonly HttpClient _http;

    private PrometheusProcess(OwnProcess process, string address)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://{address}") };
    }

    /// <summary>Starts one.</summary>
    /// <param name="folder">A folder of its own, for its configuration and its data.</param>
    /// <param name="server">Where the server's metrics are.</param>
    /// <param name="clients">Where the collector's metrics are.</param>
    public static async Task<PrometheusProcess> StartAsync(string folder, Uri server, Uri clients)
    {
        string config = await File.ReadAllTextAsync(DeployFiles.PrometheusConfig);
        config = Replace(config, "127.0.0.1:7421", server.Authority);
        config = Replace(config, "127.0.0.1:8889", clients.Authority);
        config = Replace(config, "scrape_interval: 5s", "scrape_interval: 500ms");
        config = Replace(config, "evaluation_interval: 15s", "evaluation_interval: 500ms");
        string path = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(path, config);
        File.Copy(DeployFiles.Rules, Path.Combine(folder, Path.GetFileName(DeployFiles.Rules)));
        OwnProcess process = await OwnProcess.StartAsync(
            OwnProcess.Of(
                "prometheus",
                [
                    $"--config.file={path}", $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                    "--web.listen-address=127.0.0.1:0",
                ]),
            line => line.Contains("ready to receive web requests", StringComparison.Ordinal));
        return new PrometheusProcess(process, Listening().Match(process.Said).Groups[1].Value);
    }

    /// <summary>Evaluates an expression now.</summary>
    /// <returns>A value for each series; text: why it can not be evaluated.</returns>
    public async Task<(double[] Values, string? Error)> EvaluateAsync(string expression)
    {
        using HttpResponseMessage reply =
            await _http.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative));
        using JsonDocument document = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        if (document.RootElement.GetProperty("status").GetString() != "success")
        {
            return ([], document.RootElement.GetProperty("error").GetString());
        }

        JsonElement data = document.RootElement.GetProperty("data");
        JsonElement result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() == "scalar"
            ? ([Number(result)], null)
            : ([.. result.EnumerateArray().Select(series => Number(series.GetProperty("value")))], null);
    }

    /// <summary>Names of all metrics that it has, those of recording rules among them.</summary>
    public async Task<HashSet<string>> NamesAsync()
    {
        using JsonDocument document = await GetAsync("/api/v1/label/__name__/values");
        return new HashSet<string>(
            document.RootElement.GetProperty("data").EnumerateArray().Select(name => name.GetString()!),
            StringComparer.Ordinal);
    }

    /// <summary>The rules that it has loaded, as it read them.</summary>
    public async Task<LoadedRule[]> RulesAsync()
    {
        using JsonDocument document = await GetAsync("/api/v1/rules");
        return
        [
            .. from rules in document.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
               from rule in rules.GetProperty("rules").EnumerateArray()
               select new LoadedRule(
                   rule.GetProperty("name").GetString()!,
                   rule.GetProperty("query").GetString()!,
                   rule.GetProperty("type").GetString() == "alerting",
                   rule.GetProperty("health").GetString()!),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static double Number(JsonElement sample) => double.Parse(
        sample[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static string Replace(string text, string old, string now)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, now, StringComparison.Ordinal);
    }

    private async Task<JsonDocument> GetAsync(string path) =>
        JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)));

    [GeneratedRegex(@"msg=""Listening on"" address=(\S+)")]
    private static partial Regex Listening();
}
