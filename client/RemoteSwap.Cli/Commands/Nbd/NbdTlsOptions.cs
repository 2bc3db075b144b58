using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Parsing;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>How <c>nbd</c> is told to know its clients.</summary>
internal sealed class NbdTlsOptions
{
    private const string Required = "required";
    private const string Allowed = "allowed";

    private readonly Option<string?> _certificate = new("--tls-cert")
    {
        HelpName = "FILE",
        Description = "serve over TLS 1.3, with this certificate (PEM)",
    };

    private readonly Option<string?> _key = new("--tls-key")
    {
        HelpName = "FILE",
        Description = "its key, mode 0600",
    };

    private readonly Option<string?> _ca = new("--tls-ca")
    {
        HelpName = "FILE",
        Description = "clients must show a certificate that one of these has signed",
    };

    private readonly Option<string?> _mode = ValueReader.Option<string?>(
        "--tls",
        "MODE",
        "required, or allowed: on this machine also without TLS  [required]",
        TryParseMode,
        $"{Required} or {Allowed}");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_certificate, _key, _ca, _mode];

    /// <summary>Reads them, and the files once, so that what is wrong with them shows at the start.</summary>
    /// <returns>Null: without TLS.</returns>
    /// <exception cref="CommandFailedException">They do not go together.</exception>
    /// <exception cref="Credentials.CredentialException">A file is not as it must be.</exception>
    public NbdTls? Read(CommandRun run)
    {
        (string? certificate, string? key) = (run.Value(_certificate), run.Value(_key));
        if (certificate is null != key is null)
        {
            throw CommandFailedException.Usage("--tls-cert and --tls-key go together; give both or none");
        }

        if (certificate is null || key is null)
        {
            Option[] more = [_ca, _mode];
            return more.FirstOrDefault(run.IsGiven) is { } option
                ? throw CommandFailedException.Usage($"{option.Name} is given without --tls-cert and --tls-key")
                : null;
        }

        NbdTls tls = new(certificate, key, run.Value(_ca), run.Server.TenantOrDefault, run.Error)
        {
            IsRequired = run.Value(_mode) != Allowed,
        };
        tls.Read();
        return tls;
    }

    private static bool TryParseMode(string text, out string? mode)
    {
        mode = text;
        return text is Required or Allowed;
    }
}
