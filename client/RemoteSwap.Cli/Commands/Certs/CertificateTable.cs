using System.Globalization;
using RemoteSwap.Cli.Output;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>Certificates for a person, one a line, or as JSON.</summary>
internal static class CertificateTable
{
    private const int ShownDigits = 16;

    /// <summary>Writes them as the user wants them.</summary>
    public static void Write(CommandRun run, IReadOnlyList<CertificateRow> rows)
    {
        if (run.Json)
        {
            run.WriteJson(new CertsDocument(rows), CliJsonContext.Default.CertsDocument);
            return;
        }

        TextTable table = new(4, "FILE", "KIND", "NAMES", "EXPIRES", "DAYS", "SHA256", "KEY");
        foreach (CertificateRow row in rows)
        {
            table.Add(
                row.File,
                row.Kind,
                string.Join(",", row.Names),
                row.NotAfter.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                row.DaysLeft < 0 ? "expired" : row.DaysLeft.ToString(CultureInfo.InvariantCulture),
                row.Sha256[..ShownDigits],
                row.KeyFile is null ? Amount.None : row.KeyProblem is null ? "ok" : "OPEN");
        }

        table.Write(run.Output);
        foreach (CertificateRow row in rows.Where(row => row.KeyProblem is not null))
        {
            run.Error.WriteLine($"key file '{row.KeyFile}' {row.KeyProblem}");
        }
    }
}
