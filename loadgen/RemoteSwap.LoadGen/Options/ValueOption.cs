using System.CommandLine;
using System.Globalization;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Options;

/// <summary>Makes options whose refusals echo the value and say what is allowed.</summary>
internal static class ValueOption
{
    /// <summary>Reads a value; false if the text is none.</summary>
    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>An option with a value of its own form.</summary>
    /// <param name="name">Its name, as written.</param>
    /// <param name="parse">Reads the value.</param>
    /// <param name="allowed">What may be given, for the message.</param>
    /// <param name="byDefault">The value where the option is not given.</param>
    public static Option<T> Parsed<T>(string name, TryParse<T> parse, string allowed, T byDefault = default!) =>
        new(name)
        {
            DefaultValueFactory = _ => byDefault,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (parse(text, out T value))
                {
                    return value;
                }

                result.AddError($"{name} '{text}': give {allowed}.");
                return default!;
            },
        };

    /// <summary>An option with a size in bytes.</summary>
    public static Option<ByteSize?> Size(string name) => Parsed(
        name,
        (string text, out ByteSize? value) =>
        {
            bool parsed = ByteSize.TryParse(text, out ByteSize size);
            value = size;
            return parsed;
        },
        ByteSize.Allowed);

    /// <summary>An option with a number within bounds.</summary>
    public static Option<T> Number<T>(string name, T min, T max, T byDefault)
        where T : struct, System.Numerics.INumber<T> => Parsed(
            name,
            (string text, out T value) =>
                T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value >= min
                && value <= max,
            $"a number from {min} to {max}",
            byDefault);

    /// <summary>The same without a default.</summary>
    public static Option<long?> OptionalNumber(string name, long min, long max) => Parsed(
        name,
        (string text, out long? value) =>
        {
            bool parsed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            value = number;
            return parsed && number >= min && number <= max;
        },
        $"a number from {min} to {max}");
}
