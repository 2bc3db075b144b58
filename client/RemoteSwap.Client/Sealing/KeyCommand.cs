using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// The user's key behind a program of a key manager, which wraps and unwraps it. The program is started as it is,
/// without a shell; it has 10 seconds, and 4,096 bytes for its answer.
/// </summary>
internal sealed class KeyCommand(string program, string tenant, uint area)
{
    /// <summary>The most bytes of an answer, and so of a wrapped key.</summary>
    public const int MaxBytes = 4096;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Has a key wrapped.</summary>
    /// <returns>What <see cref="Unwrap"/> needs: text.</returns>
    /// <exception cref="SealKeyException">The program did not do it.</exception>
    public string Wrap(SecretBytes key)
    {
        byte[] text = GC.AllocateArray<byte>(MaxBytes, pinned: true);
        try
        {
            _ = System.Buffers.Text.Base64.EncodeToUtf8(key.Span, text, out _, out int written);
            byte[] answer = Run("wrap", text.AsSpan(0, written));
            string wrapped = Encoding.UTF8.GetString(answer).Trim();
            return wrapped.Length > 0 ? wrapped : throw Failure("wrap", "it wrote nothing");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Has a key unwrapped.</summary>
    /// <exception cref="SealKeyException">The program did not do it.</exception>
    public SecretBytes Unwrap(string wrapped)
    {
        byte[] answer = Run("unwrap", Encoding.UTF8.GetBytes(wrapped));
        SecretBytes key = new();
        bool isKey = KeyText.TryRead(answer, key.Span);
        CryptographicOperations.ZeroMemory(answer);
        if (!isKey)
        {
            key.Dispose();
            throw Failure("unwrap", $"it wrote {answer.Length} bytes that are no key");
        }

        return key;
    }

    private byte[] Run(string verb, ReadOnlySpan<byte> input)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(tenant);
        start.ArgumentList.Add(area.ToString(CultureInfo.InvariantCulture));
        try
        {
            using Process process = Process.Start(start) ?? throw Failure(verb, "it could not be started");
            return Talk(process, verb, input);
        }
        catch (Exception failure) when (failure is IOException or Win32Exception)
        {
            throw Failure(verb, failure.Message);
        }
    }

    // Ended when its time is up, and then what is written to it and read from it ends too.
    private byte[] Talk(Process process, string verb, ReadOnlySpan<byte> input)
    {
        byte[] room = GC.AllocateArray<byte>(MaxBytes + 1, pinned: true);
        using Timer over = new(_ => process.Kill(entireProcessTree: true), null, s_patience, Timeout.InfiniteTimeSpan);
        try
        {
            Give(process, input);
            int read = process.StandardOutput.BaseStream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
            if (read > MaxBytes)
            {
                process.Kill(entireProcessTree: true);
                throw Failure(verb, $"it wrote more than {MaxBytes} bytes");
            }

            process.WaitForExit();
            return process.ExitCode == 0
                ? room[..read]
                : throw Failure(verb, $"it ended with exit code {process.ExitCode}, or was ended after {s_patience}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    private static void Give(Process process, ReadOnlySpan<byte> input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading; its exit code says why.
        }
    }

    private SealKeyException Failure(string verb, string why) =>
        new($"the key command '{program} {verb} {tenant} {area}' failed: {why}");
}
