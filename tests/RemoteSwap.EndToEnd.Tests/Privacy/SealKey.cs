using System.Security.Cryptography;
using RemoteSwap.Client;
using RemoteSwap.Credentials;

namespace RemoteSwap.EndToEnd.Tests.Privacy;

/// <summary>A user's key in a file that only this user can read, and a folder for key rings.</summary>
internal static class SealKey
{
    private const int Bytes = 32;

    /// <summary>Makes the key.</summary>
    /// <param name="folder">The test's folder.</param>
    public static SealOptions Make(string folder)
    {
        string file = Path.Combine(folder, "key");
        SecretFile.Create(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
        return new SealOptions { KeyFile = file, RingFolder = Path.Combine(folder, "rings") };
    }
}
