using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RemoteSwap.Cli.Addressing;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>A name for files about an area, the same in every process that names server and tenant alike.</summary>
internal static class AreaFileName
{
    private const int NameBytes = 8;

    /// <summary>The name: hexadecimal digits.</summary>
    public static string Of(ServerUri server, uint area)
    {
        string what = string.Create(
            CultureInfo.InvariantCulture, $"{server.WithTenant(server.TenantOrDefault)}#{area}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, NameBytes));
    }
}
