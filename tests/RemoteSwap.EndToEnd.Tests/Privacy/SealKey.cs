using System.Security.Cryptography;
using RemoteSwap.Client;

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
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(Bytes));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new SealOptions { KeyFile = file, RingFolder = Path.Combine(folder, "rings") };
    }
}
