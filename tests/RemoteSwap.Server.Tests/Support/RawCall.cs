using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>A gRPC call made by hand, so that its body can be any bytes.</summary>
internal static class RawCall
{
    /// <summary>Bytes before each message: a flag and the length.</summary>
    public const int PrefixBytes = 5;

    private static readonly HttpClient s_client = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Bytes as one message, with its prefix.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> message, byte compressed = 0)
    {
        byte[] framed = new byte[PrefixBytes + message.Length];
        framed[0] = compressed;
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), (uint)message.Length);
        message.CopyTo(framed.AsSpan(PrefixBytes));
        return framed;
    }

    /// <summary>Posts a body to a method.</summary>
    /// <returns>The call's gRPC status, -1 where the answer has none, and the reply's bytes.</returns>
    public static async Task<(int Status, byte[] Reply)> PostAsync(Uri server, string method, HttpContent body)
    {
        body.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        request.Headers.Add("te", "trailers");
        using HttpResponseMessage response = await s_client.SendAsync(request);
        byte[] reply = await response.Content.ReadAsByteArrayAsync();
        return (Status(response.TrailingHeaders) ?? Status(response.Headers) ?? -1, reply);
    }

    private static int? Status(HttpHeaders headers) =>
        headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? int.Parse(values.First()) : null;
}
