using System.Security.Cryptography;
using System.Text;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Security;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Tokens: what a file may say, and which text is which token until when.</summary>
public sealed class TokenFileTests
{
    private const string Name = "tokens";
    private static readonly DateTimeOffset s_now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void EachTokenIsItsOwnersAndNoOtherTextIs()
    {
        string[] tokens = [.. Enumerable.Range(0, 40).Select(_ => Tokens.New())];
        TokenSet set = Read(string.Concat(tokens.Select(
            (token, at) => Tokens.Line(at % 2 == 0 ? $"tenant vm{at / 4}" : $"admin ops{at}", token))));

        for (int at = 0; at < tokens.Length; at++)
        {
            Caller expected = at % 2 == 0 ? Caller.Tenant($"vm{at / 4}") : Caller.Admin($"ops{at}");
            Assert.True(set.Find(tokens[at])!.Caller.IsSame(expected));
            Assert.Null(set.Find(tokens[at].AsSpan(..^1)));
            Assert.Null(set.Find(tokens[at] + "x"));
            Assert.Null(set.Find(tokens[at].ToUpperInvariant()));
        }

        Assert.Null(set.Find(""));
        Assert.Null(set.Find(new string('x', 100_000)));
        Assert.Null(TokenSet.Empty.Find(tokens[0]));
    }

    // The first bytes of a hash find the place to look at; they must not be taken for the hash.
    [Fact]
    public void AHashThatOnlyBeginsAsATokensIsNone()
    {
        string token = Tokens.New();
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        TokenSet set = Read(Tokens.Line("tenant vm7", token));
        Assert.NotNull(set.Find(hash));
        for (int at = sizeof(ulong); at < hash.Length; at++)
        {
            byte[] other = [.. hash];
            other[at] ^= 1;
            Assert.Null(set.Find(other));
        }
    }

    [Theory]
    [InlineData("2026-11-26T12:00:01Z", true)]
    [InlineData("2026-11-26T12:00:00Z", false)]
    [InlineData("2026-11-26T11:59:59Z", false)]
    [InlineData("2026-11-26T12:00:00.5Z", true)]
    [InlineData("2026-11-26T12:01Z", true)]
    [InlineData("2026-11-26T13:00:01+01:00", true)]
    [InlineData("2026-11-26T12:59:59+01:00", false)]
    [InlineData("2026-11-26T12:00:01", true)]
    [InlineData("2026-11-26", false)]
    [InlineData("2026-11-27", true)]
    public void ATokenCountsUntilItsTime(string until, bool counts)
    {
        string token = Tokens.New();
        TokenSet set = Read(Tokens.Line("tenant vm7", token, until));
        AccessDenial? denial = set.Find(token)!.Check(new SecurityState { Tokens = set }, s_now);
        Assert.Equal(counts ? null : AccessReason.ExpiredCredential, denial?.Reason);
    }

    [Fact]
    public void AfterAChangeATokenIsWhatTheFileOfNowSays()
    {
        string token = Tokens.New();
        TokenCredential held = Read(Tokens.Line("tenant vm7", token)).Find(token)!;

        Assert.Null(held.Check(StateOf(Tokens.Line("tenant vm7", token, "2027-01-01")), s_now));
        Assert.Equal(
            AccessReason.ExpiredCredential,
            held.Check(StateOf(Tokens.Line("tenant vm7", token, "2026-01-01")), s_now)?.Reason);
        Assert.Equal(
            AccessReason.UnknownCredential,
            held.Check(StateOf(Tokens.Line("tenant vm7", Tokens.New())), s_now)?.Reason);
        Assert.Equal(
            AccessReason.UnknownCredential,
            held.Check(StateOf(Tokens.Line("tenant vm8", token)), s_now)?.Reason);
        Assert.Equal(
            AccessReason.UnknownCredential, held.Check(StateOf(Tokens.Line("admin vm7", token)), s_now)?.Reason);
    }

    [Theory]
    [InlineData("vm7 sha256:{0}")]
    [InlineData("tenant vm7 {0}")]
    [InlineData("tenant vm7 md5:{0}")]
    [InlineData("tenant vm7 sha256:{0}00")]
    [InlineData("tenant vm7 sha256:00")]
    [InlineData("tenant vm7 sha256:{0} 2027-01-01")]
    [InlineData("tenant vm7 sha256:{0} until=soon")]
    [InlineData("tenant vm7 sha256:{0} until=2027-01-01 more")]
    [InlineData("tenant vm/7 sha256:{0}")]
    [InlineData("Tenant vm7 sha256:{0}")]
    [InlineData("tenant vm7 rst_{0}")]
    [InlineData("root vm7 sha256:{0}")]
    public void ABadLineIsNamedByItsNumberAndNotByWhatIsInIt(string line)
    {
        string secret = new('5', 64);
        List<string> errors = [];
        TokenFile.Read(Name, "# one\n\n" + string.Format(line, secret) + "\n", errors);
        Assert.Contains($"{Name}: line 3 ", Assert.Single(errors));
        Assert.DoesNotContain("55555", errors[0]);
    }

    [Fact]
    public void OneTokenHasOneLine()
    {
        string token = Tokens.New();
        List<string> errors = [];
        TokenFile.Read(Name, Tokens.Line("tenant vm7", token) + Tokens.Line("tenant vm8", token), errors);
        Assert.Contains("line 2 has the same token as line 1", Assert.Single(errors));
    }

    [Fact]
    public void CommentsBlanksAndEndsOfLinesOfOthersAreTaken()
    {
        string token = Tokens.New();
        TokenSet set = Read("\r\n  # a\r\n\t" + Tokens.Line("tenant  vm7", token).TrimEnd() + "   # his\r\n");
        Assert.Equal("vm7", set.Find(token)?.Caller.Name);
    }

    private static SecurityState StateOf(string lines) => new() { Tokens = Read(lines) };

    private static TokenSet Read(string text)
    {
        List<string> errors = [];
        TokenSet set = TokenFile.Read(Name, text, errors);
        Assert.Empty(errors);
        return set;
    }
}
