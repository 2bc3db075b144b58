namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>The checks for a person: a line each, and below it what to change.</summary>
internal static class DoctorReport
{
    private const int NameColumns = 22;
    private const int StateColumns = 6;

    /// <summary>Writes the report.</summary>
    public static void Write(DoctorDocument document, TextWriter writer, bool colors)
    {
        foreach (CheckResult check in document.Checks)
        {
            writer.WriteLine($"{State(check.State, colors)}{check.Name.PadRight(NameColumns)}  {check.Found}");
            if (check.Change is not null)
            {
                writer.WriteLine($"{"",-StateColumns}{"",-NameColumns}  change: {check.Change}");
            }
        }

        int Count(CheckState state) => document.Checks.Count(check => check.State == state);
        writer.WriteLine($"{Count(CheckState.Ok)} ok, {Count(CheckState.Warn)} warn, {Count(CheckState.Fail)} fail");
    }

    private static string State(CheckState state, bool colors)
    {
        string word = state switch
        {
            CheckState.Ok => "ok",
            CheckState.Warn => "warn",
            _ => "FAIL",
        };
        string color = state switch
        {
            CheckState.Ok => "\u001b[32m",
            CheckState.Warn => "\u001b[33m",
            _ => "\u001b[31m",
        };
        string padding = new(' ', StateColumns - word.Length);
        return colors ? $"{color}{word}\u001b[0m{padding}" : word + padding;
    }
}
