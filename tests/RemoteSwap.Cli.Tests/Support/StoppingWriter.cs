using System.Text;

namespace RemoteSwap.Cli.Tests.Support;

/// <summary>Passes text on, and asks the tool to stop at the first line: a Ctrl-C at a certain moment.</summary>
internal sealed class StoppingWriter(TextWriter inner, CancellationTokenSource stop) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value);

    public override void WriteLine(string? value)
    {
        inner.WriteLine(value);
        stop.Cancel();
    }
}
