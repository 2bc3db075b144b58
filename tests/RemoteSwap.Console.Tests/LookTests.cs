using System.Text.Json;

namespace RemoteSwap.Console.Tests;

/// <summary>What can be seen: pictures, and whether everybody can read them.</summary>
public sealed class LookTests(Chromium chromium)
{
    private const double ReadableText = 4.5;
    private const double VisibleLine = 3;

    // The contrast of two custom properties, by WCAG's formula.
    private const string Contrast =
        """
        (function (one, other) {
          const light = name => {
            const hex = getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim().slice(1);
            return [0, 2, 4].map(place => parseInt(hex.slice(place, place + 2), 16) / 255)
              .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
              .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
          };
          const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
          return (high + 0.05) / (low + 0.05);
        })
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Charts_and_map_are_drawn(bool dark)
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await server.StoreAsync(LoadedServer.Wide, 1500);
        await using BrowserPage page = await chromium.OpenAsync(1280, 900, dark);
        await page.GoAsync(server.Console);
        await page.WaitAsync("document.documentElement?.dataset.polls >= 3");

        JsonElement colours = await page.EvaluateAsync(
            """
            [...document.querySelectorAll('figure canvas, #frames')].map(canvas => {
              const points = new Uint32Array(
                canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
              return new Set(points).size;
            })
            """);

        Assert.Equal(5, colours.GetArrayLength());
        Assert.All(colours.EnumerateArray(), one => Assert.InRange(one.GetInt32(), 4, int.MaxValue));
        byte[] picture = await page.PictureAsync();
        Assert.Equal<byte>([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        TestContext.Current.AddAttachment(dark ? "console-dark.png" : "console-light.png", picture, "image/png");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_and_lines_stand_out_from_what_is_behind_them(bool dark)
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await using BrowserPage page = await chromium.OpenAsync(1280, 900, dark);
        await page.GoAsync(server.Console);
        await page.WaitAsync("document.documentElement?.dataset.polls >= 1");

        foreach (string text in (string[])["text", "quiet", "good", "warn", "bad"])
        {
            await AssertContrastAsync(page, text, "card", ReadableText);
        }

        await AssertContrastAsync(page, "quiet", "back", ReadableText);
        foreach (string line in (string[])["blue", "orange", "green", "red", "purple", "grey", "focus"])
        {
            await AssertContrastAsync(page, line, "card", VisibleLine);
        }
    }

    private static async Task AssertContrastAsync(BrowserPage page, string one, string other, double least)
    {
        double contrast = (await page.EvaluateAsync($"{Contrast}('{one}', '{other}')")).GetDouble();
        Assert.True(contrast >= least, $"{one} on {other}: {contrast:0.00}, less than {least}");
    }
}
