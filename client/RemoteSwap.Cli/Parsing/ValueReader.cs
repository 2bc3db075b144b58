using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Parsing;

/// <summary>
/// Makes options and arguments whose refusals echo the value and say what is allowed. Knows nothing of commands.
/// </summary>
internal static class ValueReader
{
    /// <summary>Reads a value; false if the text is none.</summary>
    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>An option with a value of its own form.</summary>
    /// <param name="name">Its name, as written.</param>
    /// <param name="valueName">Its value's name, for the help.</param>
    /// <param name="description">What it is, for the help, with its default in brackets.</param>
    /// <param name="parse">Reads the value.</param>
    /// <param name="allowed">What may be given, for the message.</param>
    /// <param name="byDefault">The value where the option is not given.</param>
    public static Option<T> Option<T>(
        string name,
        string valueName,
        string description,
        TryParse<T> parse,
        string allowed,
        T byDefault = default!) => new(name)
        {
            HelpName = valueName,
            Description = description,
            DefaultValueFactory = _ => byDefault,
            CustomParser = result => Read(result, name, parse, allowed),
        };

    /// <summary>An argument with a value of its own form, to be given once.</summary>
    public static Argument<T> Argument<T>(string name, string description, TryParse<T> parse, string allowed) =>
        new(name)
        {
            Description = description,
            CustomParser = result => Read(result, name, parse, allowed),
        };

    /// <summary>The same, that may be left out: null then.</summary>
    public static Argument<T?> OptionalArgument<T>(
        string name, string description, TryParse<T> parse, string allowed)
        where T : struct => new(name)
        {
            Description = description,
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => result.Tokens.Count == 0 ? null : Read(result, name, parse, allowed),
        };

    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>An option with a number within bounds.</summary>
    public static Option<T> Number<T>(
        string name, string valueName, string description, T min, T max, T byDefault)
        where T : struct, System.Numerics.INumber<T> => Option(
            name,
            valueName,
            description,
            (string text, out T value) =>
                T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value >= min
                && value <= max,
            $"a number from {min} to {max}",
            byDefault);

    /// <summary>The same without a default.</summary>
    public static Option<long?> OptionalNumber(
        string name, string valueName, string description, long min, long max) => Option(
            name,
            valueName,
            description,
            (string text, out long? value) =>
            {
                bool parsed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
                value = number;
                return parsed && number >= min && number <= max;
            },
            $"a number from {min} to {max}");

    /// <summary>An option with a size in bytes.</summary>
    public static Option<ByteSize?> Size(string name, string description) => Option(
        name,
        "SIZE",
        description,
        (string text, out ByteSize? value) =>
        {
            bool parsed = ByteSize.TryParse(text, out ByteSize size);
            value = size;
            return parsed;
        },
        ByteSize.Allowed);

    /// <summary>An option with a time.</summary>
    public static Option<TimeSpan> Duration(string name, string description, TimeSpan byDefault) =>
        Option<TimeSpan>(name, "TIME", description, DurationText.TryParse, DurationText.Allowed, byDefault);

    private static T Read<T>(ArgumentResult result, string name, TryParse<T> parse, string allowed)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (parse(text, out T value))
        {
            return value;
        }

        result.AddError($"{name} '{text}': give {allowed}.");
        return default!;
    }
}
