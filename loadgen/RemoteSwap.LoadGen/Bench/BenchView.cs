namespace RemoteSwap.LoadGen.Bench;

/// <summary>Shows how far a benchmark is: a line for each group, and on a terminal also the step under way.</summary>
/// <param name="writer">Where it goes.</param>
/// <param name="isTerminal">Whether the last line may be written over.</param>
internal sealed class BenchView(TextWriter writer, bool isTerminal)
{
    private const string StartOfLine = "\r\u001b[K";

    /// <summary>A line that stays.</summary>
    public void Note(string text)
    {
        Clear();
        writer.WriteLine(text);
    }

    /// <summary>What is done now; the next one takes its place.</summary>
    public void Step(string text)
    {
        if (isTerminal)
        {
            writer.Write(StartOfLine + text);
            writer.Flush();
        }
    }

    /// <summary>Nothing is done any more.</summary>
    public void Clear()
    {
        if (isTerminal)
        {
            writer.Write(StartOfLine);
            writer.Flush();
        }
    }
}
