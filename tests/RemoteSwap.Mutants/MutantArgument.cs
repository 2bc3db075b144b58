using System.Globalization;

namespace RemoteSwap.Mutants;

/// <summary>One argument of a mutant's test on its way into the process that runs it.</summary>
/// <param name="Type">Its type's code; the method's parameters need the very type.</param>
/// <param name="Text">Its value; null: null.</param>
internal sealed record MutantArgument(TypeCode Type, string? Text)
{
    /// <summary>Writes an argument.</summary>
    /// <exception cref="ArgumentException">It is no number, enum, text or truth value, nor null.</exception>
    public static MutantArgument Of(object? value) => value switch
    {
        null => new(TypeCode.Empty, null),
        Enum named => new(named.GetTypeCode(), named.ToString("D")),
        IConvertible plain => new(plain.GetTypeCode(), plain.ToString(CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"a mutant's test takes plain values, no {value.GetType()}", nameof(value)),
    };

    /// <summary>The argument again.</summary>
    /// <param name="parameter">What takes it.</param>
    public object? ToValue(Type parameter)
    {
        object? value = Text is null ? null : Convert.ChangeType(Text, Type, CultureInfo.InvariantCulture);
        return parameter.IsEnum && value is not null ? Enum.ToObject(parameter, value) : value;
    }
}
