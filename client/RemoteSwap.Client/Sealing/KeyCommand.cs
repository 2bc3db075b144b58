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
/// <param name="program">Its path.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="area">The area.</param>
/// <param name="patience">How long it may take; null: 10 seconds.</param>
internal sealed class KeyCommand(string program, string tenant, uint area, TimeSpan? patience = null)
{
    /// <summary>The most bytes of an answer, and so of a wrapped key.</summary>
    public const int MaxBytes = 4096;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(10);

    /// <summary>Has a key wrapped.</summary>
    /// <returns>What <see cref="Unwrap"/> needs: text.</returns>
    /// <exception cref="SealKeyException">The program did not do it.</exception>
    public string Wrap(SecretBytes key)
    {
        byte[] text = GC.AllocateArray<byte>(MaxBytes, pinned: true);
        try
        {
            _ = System.Buffers.Text.Base64.EncodeToUtf8(key.Span, text, out _, out int written);
            byte[] answer = RunAsync("wrap", text.AsMemory(0, written)).GetAwaiter().GetResult();
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
        byte[] answer = RunAsync("unwrap", Encoding.UTF8.GetBytes(wrapped)).GetAwaiter().GetResult();
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

    private async Task<byte[]> RunAsync(string verb, ReadOnlyMemory<byte> input)
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
            using CancellationTokenSource over = new(_patience);
            using Process process = Process.Start(start) ?? throw Failure(verb, "it could not be started");
            return await TalkAsync(process, verb, input, over.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or Win32Exception)
        {
            throw Failure(verb, failure.Message);
        }
    }

    private async Task<byte[]> TalkAsync(
        Process process, string verb, ReadOnlyMemory<byte> input, CancellationToken over)
    {
        byte[] room = GC.AllocateArray<byte>(MaxBytes + 1, pinned: true);
        try
        {
            await GiveAsync(process, input, over).ConfigureAwait(false);
            int read = await process.StandardOutput.BaseStream
                .ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, over).ConfigureAwait(false);
            if (read > MaxBytes)
            {
                End(process);
                throw Failure(verb, $"it wrote more than {MaxBytes} bytes");
            }

            await process.WaitForExitAsync(over).ConfigureAwait(false);
            return process.ExitCode == 0
                ? room[..read]
                : throw Failure(verb, $"it ended with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            End(process);
            throw Failure(
                verb, $"it, or what it has started and left with its output, was not done after {_patience}; ended");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    private static async Task GiveAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken over)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, over).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading; its exit code says why.
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (
            failure is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It has ended by itself, or can not be ended; nobody waits for it any more.
        }
    }

    private SealKeyException Failure(string verb, string why) =>
        new($"the key command '{program} {verb} {tenant} {area}' failed: {why}");
}
