using System.Text;
using RemoteSwap.Cli.Commands.Nbd;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Fuzz.Values;

/// <summary>
/// Whole sets of values: a settings file, command lines of the server and of the tool, a device's session file. The
/// first byte says which. Whatever is wrong is said in words.
/// </summary>
internal sealed class SettingsTarget : IFuzzTarget
{
    private const int Kinds = 4;
    private const string SessionText =
        """
        {"schema":"remoteswap.session/1","server":"remoteswap://127.0.0.1:7420","tenant":"default","area":3,"epoch":9,
        "token":"00112233445566778899aabbccddeeff","incarnation":12}
        """;

    private const string SettingsText =
        """
        {"Server":{"Listen":"127.0.0.1:0","MaxConnections":10},"Store":{"Limit":"1GiB","HugePages":false},
        "Tenants":{"vm7":{"Limit":"512MiB","Weight":3,"Retention":"Ephemeral"}},"Spill":{"Path":"","Limit":"4GiB"}}
        """;

    public string Name => "settings";

    public IEnumerable<(string Name, byte[] Input)> Seeds()
    {
        yield return Seed("server", 0, "--limit\n8GiB\n--Tenants:vm7:Limit=4GiB\n--config=/etc/x\n--version");
        yield return Seed("file", 1, SettingsText);
        yield return Seed("file-null", 1, """{"Spill":{"Path":"a\u0000b"},"State":{"Folder":"\u0000"}}""");
        yield return Seed("tool", 2, "nbd\n--server\nremoteswap://127.0.0.1/vm7\n--size\n8G\n--connections\n4");
        yield return Seed("tool-put", 2, "put\n--area\n3\n--json\nfile\n--timeout\n10s");
        yield return Seed("session", 3, SessionText);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        string text = Encoding.UTF8.GetString(input[1..]);
        switch (input[0] % Kinds)
        {
            case 0:
                if (!ServerArguments.TryParse(text.Split('\n'), out _, out string error))
                {
                    FindingException.Unless(error.Length > 0, "a command line is refused without a word");
                }

                break;
            case 1:
                SettingsJudge.Judge(input[1..].ToArray());
                break;
            case 2:
                ToolJudge.Judge(text.Split('\n'));
                break;
            default:
                JudgeSession(text);
                break;
        }
    }

    private static (string Name, byte[] Input) Seed(string name, byte kind, string text) =>
        (name, [kind, .. Encoding.UTF8.GetBytes(text)]);

    private static void JudgeSession(string text)
    {
        if (SessionDocument.Read(text) is { } session)
        {
            FindingException.Unless(
                session.Tenant is not null && session.Token.Length == SessionDocument.TokenChars,
                "a session without tenant or token");
        }
    }
}
