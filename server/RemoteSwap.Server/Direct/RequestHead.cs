using System.Buffers;
using System.Text;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// The head of a request as it is read, and whether it is one (RFC 9113, sections 8.2 and 8.3): each of :method,
/// :scheme, :path and :authority at most once and before all else, names in lower case, nothing of a connection. One
/// that is not costs its client the stream, as the web server has it. The connection's loop alone uses it.
/// </summary>
internal sealed class RequestHead : IHeaderSink
{
    private const char LowestText = ' ';
    private const string Trailers = "trailers";

    private const string EncodedNull = "%00";

    private static readonly SearchValues<byte> s_nameBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<char> s_methodChars = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> s_hostChars = SearchValues.Create(
        "!$&'()-._~%:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<byte> s_neverInValues = SearchValues.Create("\0\r\n"u8);

    private bool _isMalformed;
    private bool _hasMethod;
    private bool _hasScheme;
    private bool _hasTarget;
    private bool _hasAuthority;
    private bool _hasFields;

    /// <summary>:method.</summary>
    public string Method { get; private set; } = "";

    /// <summary>:scheme.</summary>
    public string Scheme { get; private set; } = "";

    /// <summary>:path as it came.</summary>
    public string Target { get; private set; } = "";

    /// <summary>The path, read.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The query, with its question mark; or empty.</summary>
    public string Query { get; private set; } = "";

    /// <summary>All other fields, and Host.</summary>
    public IHeaderDictionary Fields { get; } = new HeaderDictionary();

    /// <summary>Fields, those with a colon included.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public void Take(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Count++;
        bool isRight = !value.ContainsAny(s_neverInValues)
            && System.Text.Unicode.Utf8.IsValid(value)
            && (name[0] == (byte)':' ? TakePseudo(name, value) : TakeField(name, value));
        _isMalformed |= !isRight;
    }

    /// <summary>Says whether it is one, when all is read.</summary>
    /// <param name="scheme">What the connection is.</param>
    public bool IsRequest(string scheme)
    {
        if (_isMalformed || Method.AsSpan().ContainsAnyExcept(s_methodChars) || Method.Length == 0
            || !string.Equals(Scheme, scheme, StringComparison.OrdinalIgnoreCase)
            || Fields.Host.Count > 1 || Fields.Host.ToString().AsSpan().ContainsAnyExcept(s_hostChars)
            || !Target.StartsWith('/') || Target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        int query = Target.IndexOf('?', StringComparison.Ordinal);
        Query = query < 0 ? "" : Target[query..];
        string path = query < 0 ? Target : Target[..query];
        if (path.Contains(EncodedNull, StringComparison.Ordinal))
        {
            // What decodes it throws.
            return false;
        }

        Path = Decoded(path);
        return true;
    }

#pragma warning disable CA2234 // A target is no URI, and is not to become one: it would be normalised.
    private static string Decoded(string path) => PathString.FromUriComponent(path).Value ?? "";
#pragma warning restore CA2234

    private bool TakePseudo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value);
        if (_hasFields || text.AsSpan().ContainsAnyInRange('\0', LowestText))
        {
            return false;
        }

        if (name.SequenceEqual(":method"u8))
        {
            Method = text;
            return Once(ref _hasMethod);
        }

        if (name.SequenceEqual(":scheme"u8))
        {
            Scheme = text;
            return Once(ref _hasScheme);
        }

        if (name.SequenceEqual(":path"u8))
        {
            Target = text;
            return Once(ref _hasTarget);
        }

        Fields.Host = text;
        return name.SequenceEqual(":authority"u8) && Once(ref _hasAuthority);
    }

    private static bool Once(ref bool has)
    {
        bool isFirst = !has;
        has = true;
        return isFirst;
    }

    private bool TakeField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _hasFields = true;
        bool isOfConnection = name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8)
            || name.SequenceEqual("proxy-connection"u8) || name.SequenceEqual("transfer-encoding"u8)
            || name.SequenceEqual("upgrade"u8);
        if (isOfConnection || name.ContainsAnyExcept(s_nameBytes))
        {
            return false;
        }

        string field = Encoding.ASCII.GetString(name);
        string text = Encoding.UTF8.GetString(value);
        if (field == "te" && text != Trailers)
        {
            return false;
        }

        // :authority goes before Host.
        if (field != "host" || !_hasAuthority)
        {
            Fields.Append(field, text);
        }

        return field != "content-length" || Fields.ContentLength is not null;
    }
}
