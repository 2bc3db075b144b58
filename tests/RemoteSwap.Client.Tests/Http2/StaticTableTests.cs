using System.Collections;
using System.Reflection;
using System.Text;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>The table is that of .NET's own HTTP client.</summary>
public sealed class StaticTableTests
{
    [Fact]
    public void It_is_the_table_of_the_rfc()
    {
        string[] expected = [.. DotNetTable()];
        string[] table =
        [
            .. Enumerable.Range(1, StaticTable.Last)
                .Select(index => FieldList.Line(StaticTable.Name(index), StaticTable.Value(index))),
        ];

        Assert.Equal(61, expected.Length);
        Assert.Equal(expected, table);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(62)]
    [InlineData(int.MaxValue)]
    public void Nothing_is_outside_of_it(int index)
    {
        Assert.True(StaticTable.Name(index).IsEmpty);
        Assert.True(StaticTable.Value(index).IsEmpty);
    }

    [Fact]
    public void A_name_has_its_first_number_and_others_have_none()
    {
        for (int index = 1; index <= StaticTable.Last; index++)
        {
            int found = StaticTable.IndexOf(StaticTable.Name(index));

            Assert.InRange(found, 1, index);
            Assert.True(StaticTable.Name(found).SequenceEqual(StaticTable.Name(index)));
        }

        Assert.Equal(2, StaticTable.IndexOf(":method"u8));
        Assert.Equal(8, StaticTable.IndexOf(":status"u8));
        Assert.Equal(0, StaticTable.IndexOf("grpc-status"u8));
        Assert.Equal(0, StaticTable.IndexOf([]));
    }

    private static IEnumerable<string> DotNetTable()
    {
        const BindingFlags Any =
            BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        Type table = typeof(HttpClient).Assembly.GetType("System.Net.Http.HPack.H2StaticTable", throwOnError: true)!;
        foreach (object field in (IEnumerable)table.GetField("s_staticDecoderTable", Any)!.GetValue(null)!)
        {
            yield return $"{TextOf(field, "Name")}: {TextOf(field, "Value")}";
        }

        static string TextOf(object field, string member) => Encoding.ASCII.GetString(
            (byte[])(field.GetType().GetField(member, Any)?.GetValue(field)
                ?? field.GetType().GetProperty(member, Any)!.GetValue(field))!);
    }
}
