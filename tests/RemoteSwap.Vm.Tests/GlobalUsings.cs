global using RemoteSwap.EndToEnd.Tests.Processes;
global using RemoteSwap.Vm.Tests.Disks;
global using RemoteSwap.Vm.Tests.Guest;
global using RemoteSwap.Vm.Tests.Processes;
global using Xunit;

// One guest at a time: emulation takes all the processors that a small machine has.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
