namespace RemoteSwap.Cli.App;

/// <summary>
/// What the program finds around it: writers, a reader, whether they are terminals, the environment and the system's
/// files. Tests put others in their place; nothing else of the program touches <see cref="Console"/>.
/// </summary>
internal sealed record Surroundings
{
    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where progress, remarks and errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where a confirmation is read from.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Whether results are read by a person.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether progress is read by a person.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether a person can answer a question.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Reads a variable of the environment; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>How many characters the terminal of the results has.</summary>
    public Func<(int Columns, int Rows)> TerminalSize { get; init; } = () => (120, 40);

    /// <summary>A key that was pressed and not read yet; null: none was.</summary>
    public Func<char?> ReadKey { get; init; } = () => null;

    /// <summary>The folder under which <c>proc</c> lies.</summary>
    public string SystemRoot { get; init; } = "/";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Input = Console.In,
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        IsInputTerminal = !Console.IsInputRedirected,
        Variable = Environment.GetEnvironmentVariable,
        TerminalSize = () => (Console.WindowWidth, Console.WindowHeight),
        ReadKey = () => !Console.IsInputRedirected && Console.KeyAvailable
            ? Console.ReadKey(intercept: true).KeyChar
            : null,
    };
}
