using System.Net;
using System.Text.RegularExpressions;

namespace RemoteSwap.Console.Tests;

/// <summary>The page's files: all there, held to their own host, and not sent twice.</summary>
public sealed partial class FilesTests
{
    [Fact]
    public async Task Every_file_that_a_file_names_is_served_under_a_strict_policy()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        HashSet<string> seen = [];
        Queue<string> left = new(["/console"]);
        while (left.TryDequeue(out string? path))
        {
            using HttpResponseMessage answer = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            foreach (Match name in Name().Matches(await answer.Content.ReadAsStringAsync()))
            {
                string file = $"/console/page/{name.Groups["file"].Value}";
                if (seen.Add(file))
                {
                    left.Enqueue(file);
                }
            }
        }

        Assert.InRange(seen.Count, 14, 40);
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        using HttpResponseMessage first = await server.Http.GetAsync(new Uri("/console", UriKind.Relative));
        using HttpRequestMessage again = new(HttpMethod.Get, new Uri("/console", UriKind.Relative));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await server.Http.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task The_root_leads_to_the_page_and_nothing_else_is_served()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        using HttpResponseMessage root = await server.Http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("/console", root.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal("text/html", root.Content.Headers.ContentType!.MediaType);

        foreach (string path in (string[])["/console/page/none.js", "/console/page/..%2fconsole.js", "/console/page/"])
        {
            using HttpResponseMessage none = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }

        using HttpResponseMessage post = await server.Http.PostAsync(
            new Uri("/console/api/figures", UriKind.Relative), content: null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    // A script's import, or a path of the page.
    [GeneratedRegex(@"(from '\./|/console/page/)(?<file>[a-z]+\.[a-z]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
