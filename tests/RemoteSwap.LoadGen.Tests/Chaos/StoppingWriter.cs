using System.Text;

namespace RemoteSwap.LoadGen.Tests.Chaos;

/// <summary>Asks to stop when the first line is written to it.</summary>
internal sealed class StoppingWriter(CancellationTokenSource stop) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => stop.Cancel();
}
