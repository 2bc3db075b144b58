using RemoteSwap.Server.Pressure;

namespace RemoteSwap.Server.Tests.Pressure;

/// <summary>What is read from systems that differ in what they tell.</summary>
public sealed class PressureFilesTests
{
    private const long MebiByte = 1 << 20;

    [Fact]
    public void ASystemThatTellsNothingIsNoError()
    {
        using SystemFolder system = new();
        PressureFiles files = PressureFiles.Find(system.Root);

        Assert.False(files.TellAnything);
        Assert.Equal(PressureReading.None, files.Read());
    }

    [Fact]
    public void ThePageCacheIsNotInUse()
    {
        using SystemFolder system = SystemFolder.WithGroup($"{512 * MebiByte}", 200 * MebiByte, cache: 300 * MebiByte);
        PressureFiles files = PressureFiles.Find(system.Root);

        Assert.True(files.TellAnything);
        Assert.Equal(
            new MemoryLevel("/app.slice/pages.service", 512 * MebiByte, 200 * MebiByte), files.Read().Level);
        Assert.Contains("/app.slice/pages.service (512 MiB)", files.Description);
    }

    [Fact]
    public void TheLimitWithTheLeastRoomCounts()
    {
        using SystemFolder system = SystemFolder.WithGroup($"{512 * MebiByte}", 100 * MebiByte);
        system.Write("sys/fs/cgroup/app.slice/memory.max", $"{900 * MebiByte}\n");
        system.Write("sys/fs/cgroup/app.slice/memory.high", $"{800 * MebiByte}\n");
        system.Write("sys/fs/cgroup/app.slice/memory.current", $"{700 * MebiByte}\n");
        PressureFiles files = PressureFiles.Find(system.Root);

        Assert.Equal(new MemoryLevel("/app.slice", 800 * MebiByte, 700 * MebiByte), files.Read().Level);
        system.SetGroup($"{512 * MebiByte}", 450 * MebiByte);
        Assert.Equal("/app.slice/pages.service", files.Read().Level?.Name);
    }

    [Fact]
    public void AGroupWithoutALimitIsNone()
    {
        using SystemFolder system = SystemFolder.WithGroup("max", 100 * MebiByte);
        Assert.Null(PressureFiles.Find(system.Root).Read().Level);
    }

    [Fact]
    public void VersionOneHasOtherNamesAndAWordForNoLimitThatIsANumber()
    {
        using SystemFolder system = new();
        system.Write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/pages\n0::/\n");
        system.Write("sys/fs/cgroup/memory/pages/memory.limit_in_bytes", $"{256 * MebiByte}\n");
        system.Write("sys/fs/cgroup/memory/pages/memory.usage_in_bytes", $"{90 * MebiByte}\n");
        system.Write(
            "sys/fs/cgroup/memory/pages/memory.stat",
            $"inactive_file 1\ntotal_inactive_file {30 * MebiByte}\ntotal_active_file {10 * MebiByte}\n");
        system.Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        system.Write("sys/fs/cgroup/memory/memory.usage_in_bytes", $"{900 * MebiByte}\n");

        Assert.Equal(
            new MemoryLevel("/pages", 256 * MebiByte, 50 * MebiByte),
            PressureFiles.Find(system.Root).Read().Level);
    }

    [Fact]
    public void InAContainerThePathIsTheMachinesAndTheFilesAreAtTheRoot()
    {
        using SystemFolder system = new();
        system.Write("proc/self/cgroup", "0::/system.slice/docker-4f2.scope\n");
        system.Write("sys/fs/cgroup/memory.max", $"{256 * MebiByte}\n");
        system.Write("sys/fs/cgroup/memory.current", $"{90 * MebiByte}\n");

        Assert.Equal(
            new MemoryLevel("/", 256 * MebiByte, 90 * MebiByte), PressureFiles.Find(system.Root).Read().Level);
    }

    [Fact]
    public void TheGroupsOwnStallsCountBeforeTheMachines()
    {
        using SystemFolder system = SystemFolder.WithGroup("max", 1);
        system.SetStalls(some: 40, full: 20);
        Assert.Equal(new MemoryStalls(40, 20), PressureFiles.Find(system.Root).Read().Stalls);

        system.SetGroupStalls(some: 3.25, full: 1.5);
        Assert.Equal(new MemoryStalls(3.25, 1.5), PressureFiles.Find(system.Root).Read().Stalls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("some\nfull\n")]
    [InlineData("some avg10=x avg60=0.00\n")]
    [InlineData("full avg10=1.00 avg60=0.00\n")]
    public void WhatIsNoPressureFileIsNone(string text)
    {
        using SystemFolder system = new();
        system.Write("proc/pressure/memory", text);
        Assert.False(PressureFiles.Find(system.Root).TellAnything);
    }

    [Fact]
    public void AGroupThatGoesIsNoErrorEither()
    {
        using SystemFolder system = SystemFolder.WithGroup($"{512 * MebiByte}", 100 * MebiByte);
        PressureFiles files = PressureFiles.Find(system.Root);
        Directory.Delete(Path.Combine(system.Root, "sys"), recursive: true);
        Assert.Equal(PressureReading.None, files.Read());
    }
}
