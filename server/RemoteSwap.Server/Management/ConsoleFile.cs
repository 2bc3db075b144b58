using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace RemoteSwap.Server.Management;

/// <summary>
/// A file of the console's page, which is part of the program. Nothing of it comes from another host, and the browser
/// is told to hold it to that.
/// </summary>
internal sealed class ConsoleFile
{
    /// <summary>What the page may do: load its own files and ask its own server, and nothing else.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Prefix = "console/";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly byte[] _bytes;
    private readonly string _type;
    private readonly EntityTagHeaderValue _tag;

    private ConsoleFile(string name, byte[] bytes)
    {
        _bytes = bytes;
        _type = s_types[Path.GetExtension(name)];
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
    }

    /// <summary>All files of the page, by name.</summary>
    public static Dictionary<string, ConsoleFile> LoadAll()
    {
        Assembly program = typeof(ConsoleFile).Assembly;
        Dictionary<string, ConsoleFile> files = new(StringComparer.Ordinal);
        foreach (string resource in program.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = program.GetManifestResourceStream(resource)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string name = resource[Prefix.Length..];
            files.Add(name, new ConsoleFile(name, bytes));
        }

        return files;
    }

    /// <summary>Answers a request for it.</summary>
    public IResult Serve(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        return Results.Bytes(_bytes, _type, entityTag: _tag);
    }
}
