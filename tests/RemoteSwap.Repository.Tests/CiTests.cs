using Xunit;

namespace RemoteSwap.Repository.Tests;

public sealed class CiTests
{
    [Fact]
    public void The_container_copies_every_project_that_it_restores()
    {
        string dockerfile = Repository.Read("Dockerfile");

        Assert.All(
            Repository.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)
                && (path.StartsWith("server/", StringComparison.Ordinal)
                    || path.StartsWith("protos/", StringComparison.Ordinal))),
            path => Assert.Contains(
                $"COPY {Path.GetDirectoryName(path)}/*.csproj",
                dockerfile,
                StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_a_lock_file()
    {
        string solution = Repository.Read("RemoteSwap.sln").Replace('\\', '/');

        Assert.All(
            Repository.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)),
            path =>
            {
                Assert.Contains(path, solution, StringComparison.Ordinal);
                Assert.Contains(
                    $"{Path.GetDirectoryName(path)!.Replace('\\', '/')}/packages.lock.json",
                    Repository.Files);
            });
    }
}
