namespace RemoteSwap.Vm.Tests.Guest;

/// <summary>A kernel and an initramfs that swaps: made once, kept in the artifacts folder.</summary>
internal sealed record GuestImage(string Kernel, string Initramfs)
{
    private const int Unavailable = 69;

    /// <summary>Makes the guest, or skips the test where it cannot be made for want of something.</summary>
    public static async Task<GuestImage> PrepareAsync()
    {
        Skipping.Unless(OperatingSystem.IsLinux(), "the guest is made on Linux");
        ProcessResult made = await Command.RunAsync(Command.Of("bash", [BuiltFiles.PrepareScript]));
        Skipping.Unless(made.ExitCode != Unavailable, made.Errors);
        Assert.True(made.ExitCode == 0, $"prepare.sh ended with {made.ExitCode}: {made.Errors}");
        string[] paths = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new GuestImage(paths[0], paths[1]);
    }
}
