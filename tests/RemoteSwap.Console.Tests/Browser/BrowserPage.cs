using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteSwap.Console.Tests.Browser;

/// <summary>
/// A page in a browser context of its own: no cookies and no storage of others. Keeps what the console said and which
/// addresses were asked for.
/// </summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly DevTools _tools;
    private readonly string _context;
    private readonly string _session;

    private BrowserPage(DevTools tools, string context, string session)
    {
        _tools = tools;
        _context = context;
        _session = session;
        _tools.Told += Take;
    }

    /// <summary>Errors and warnings of the page, exceptions, and what its policy forbade.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Addresses that the page asked for.</summary>
    public ConcurrentQueue<Uri> Requests { get; } = new();

    public static async Task<BrowserPage> OpenAsync(DevTools tools, int width, int height, bool dark)
    {
        string context = (await tools.SendAsync("Target.createBrowserContext"))
            .GetProperty("browserContextId").GetString()!;
        string target = (await tools.SendAsync(
            "Target.createTarget", new JsonObject { ["url"] = "about:blank", ["browserContextId"] = context }))
            .GetProperty("targetId").GetString()!;
        string session = (await tools.SendAsync(
            "Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))
            .GetProperty("sessionId").GetString()!;
        BrowserPage page = new(tools, context, session);
        foreach (string domain in (string[])["Page", "Runtime", "Network", "Log"])
        {
            await page.SendAsync($"{domain}.enable");
        }

        await page.ResizeAsync(width, height);
        await page.ShowDarkAsync(dark);
        return page;
    }

    public Task ResizeAsync(int width, int height) => SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject
    {
        ["width"] = width,
        ["height"] = height,
        ["deviceScaleFactor"] = 1,
        ["mobile"] = width < 500,
    });

    public Task ShowDarkAsync(bool dark) => SendAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["features"] = new JsonArray(
            new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
    });

    public Task GoAsync(Uri address) => SendAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri });

    /// <summary>The value of an expression; promises are awaited.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        JsonElement result = await SendAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = expression,
            ["returnByValue"] = true,
            ["awaitPromise"] = true,
        });
        if (result.TryGetProperty("exceptionDetails", out JsonElement failure))
        {
            throw new InvalidOperationException($"{expression}: {failure.GetRawText()}");
        }

        return result.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    public async Task<string> TextAsync(string expression) => (await EvaluateAsync(expression)).GetString() ?? "";

    /// <summary>Waits until an expression is true.</summary>
    public async Task WaitAsync(string expression)
    {
        long start = Stopwatch.GetTimestamp();
        while ((await EvaluateAsync($"Boolean({expression})")).ValueKind != JsonValueKind.True)
        {
            Assert.True(
                Stopwatch.GetElapsedTime(start) < s_patience,
                $"{expression} did not become true; the page said: {string.Join('\n', Complaints)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>A picture of the page, as long as it is.</summary>
    public async Task<byte[]> PictureAsync(bool whole = true)
    {
        JsonElement picture = await SendAsync("Page.captureScreenshot", new JsonObject
        {
            ["format"] = "png",
            ["captureBeyondViewport"] = whole,
        });
        return picture.GetProperty("data").GetBytesFromBase64();
    }

    public async Task PressAsync(string key)
    {
        foreach (string type in (string[])["keyDown", "keyUp"])
        {
            await SendAsync(
                "Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key });
        }
    }

    public async ValueTask DisposeAsync()
    {
        _tools.Told -= Take;
        await _tools.SendAsync(
            "Target.disposeBrowserContext", new JsonObject { ["browserContextId"] = _context });
    }

    private Task<JsonElement> SendAsync(string method, JsonObject? parameters = null) =>
        _tools.SendAsync(method, parameters, _session);

    private void Take(object? sender, DevToolsEvent told)
    {
        if (told.Session != _session)
        {
            return;
        }

        JsonElement about = told.About;
        switch (told.Name)
        {
            case "Runtime.consoleAPICalled" when about.GetProperty("type").GetString() is "error" or "warning":
            case "Runtime.exceptionThrown":
                Complaints.Enqueue(about.GetRawText());
                break;
            case "Log.entryAdded" when about.GetProperty("entry").GetProperty("level").GetString() is "error"
                or "warning":
                Complaints.Enqueue(about.GetRawText());
                break;
            case "Network.requestWillBeSent":
                Requests.Enqueue(new Uri(about.GetProperty("request").GetProperty("url").GetString()!));
                break;
            default:
                break;
        }
    }
}
