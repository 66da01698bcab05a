using System.Diagnostics;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>A real file system of a few megabytes, which can be made full and read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly TimeSpan commandMax = TimeSpan.FromMinutes(1);

    private readonly int megabytes;

    private SmallDisk(string path, int megabytes) => (Path, this.megabytes) = (path, megabytes);

    public string Path { get; }

    /// <summary>Mounts one, or the test skips: that takes root.</summary>
    public static SmallDisk MountOrSkip(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A disk of its own can be mounted by root on Linux only.");
        string path = Directory.CreateTempSubdirectory("orleansrec-disk-").FullName;
        int code = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
        if (code != 0)
            Directory.Delete(path);
        Assert.SkipUnless(code == 0, "This system lets nobody mount a tmpfs.");
        return new(path, megabytes);
    }

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void MakeWritable() => Assert.Equal(0, Run("mount", "-o", "remount,rw", Path));

    /// <summary>Leaves no room at all.</summary>
    public void Fill()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, "filler"));
        byte[] piece = new byte[4096];
        try
        {
            // Never more than the disk holds, should it not be mounted.
            for (long bytes = 0; bytes <= (long)megabytes << 20; bytes += piece.Length)
            {
                file.Write(piece);
                file.Flush();
            }
        }
        catch (IOException)
        {
        }
    }

    public void MakeRoom() => File.Delete(System.IO.Path.Combine(Path, "filler"));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        return process.WaitForExit(commandMax) ? process.ExitCode : throw new TimeoutException($"{command} has not ended within {commandMax.TotalSeconds} seconds.");
    }
}
