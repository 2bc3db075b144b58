using System.Text;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// The names of outcomes in tags, by number: those of the proto, in lower case. Number 0 is no page's outcome, and
/// stands for a call that was refused as a whole.
/// </summary>
internal static class OutcomeNames
{
    /// <summary>A call that was refused as a whole: its pages have no outcomes.</summary>
    public const int Refused = 0;

    /// <summary>A call whose pages have different outcomes.</summary>
    public const string Mixed = "mixed";

    /// <summary>The names of an enumeration whose values are 0, 1, 2 and so on.</summary>
    public static string[] Of<TOutcome>()
        where TOutcome : struct, Enum =>
        ["refused", .. Enum.GetNames<TOutcome>().Skip(1).Select(ToSnakeCase)];

    private static string ToSnakeCase(string name)
    {
        StringBuilder text = new(name.Length + 4);
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
