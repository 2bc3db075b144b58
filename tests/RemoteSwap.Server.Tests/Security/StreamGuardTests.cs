using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Security;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>A stream whose credential ends is told, and cut only if it does not end by itself.</summary>
public sealed class StreamGuardTests
{
    [Fact]
    public void WhoDoesNotEndByItselfIsCutTenSecondsLater()
    {
        using SpillFolder folder = new();
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        string token = Tokens.New();
        File.WriteAllText(
            folder.File,
            Tokens.Line("tenant vm7", token, time.GetUtcNow().AddMinutes(1).ToString("yyyy-MM-ddTHH:mm:ssZ")));
        CredentialStore store = new(new SecurityOptions { TokenFile = folder.File }, time);
        StreamGuard guard = new(store, time);
        Lifetime call = new();
        DefaultHttpContext http = new();
        http.Features.Set<IHttpRequestLifetimeFeature>(call);
        WatchedStream stream = guard.Add(http, store.Current.Tokens.Find(token)!);

        Assert.Equal(0, guard.Look());
        Assert.False(stream.Guard.Ended.IsCancellationRequested);

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, guard.Look());
        Assert.Contains("ended at", stream.Guard.Refusal?.Problem);
        Assert.Equal(0, guard.Look());
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, guard.Look());
        Assert.False(call.IsAborted);

        time.Advance(TimeSpan.FromSeconds(1));
        guard.Look();
        Assert.True(call.IsAborted);

        guard.Remove(stream);
        Assert.Equal(0, guard.Look());
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
