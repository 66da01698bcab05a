using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>The product as an operating system's process: a silo or a gateway, which can be killed.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private const int StopSignal = 15;
    private const int LinesKept = 400;
    private const int LineCharsMax = 600;

    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan endTimeout = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProductProcess(Process process) => this.process = process;

    /// <summary>Where it serves HTTP.</summary>
    public Uri Address => listening.Task.Result;

    /// <summary>Its last lines.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>The product as it was built, with all its files.</summary>
    public static string BuiltProgram => Environment.GetEnvironmentVariable("REC_TEST_SERVER") ?? Path.Combine(OutputOf("OrleansRec.Silo"), "orleansrec.dll");

    /// <summary>Where another project's output lies: beside that of this one.</summary>
    public static string OutputOf(string project)
    {
        string outputs = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));
        return Path.Combine(outputs, project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)));
    }

    /// <summary>Starts a command that serves; returns before it does.</summary>
    public static ProductProcess Start(IReadOnlyDictionary<string, string> settings, params string[] arguments) => StartProgram(BuiltProgram, settings, arguments);

    /// <summary>Starts a command of another build of the product.</summary>
    public static ProductProcess StartProgram(string program, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var started = new ProductProcess(new() { StartInfo = InfoOf(program, settings, arguments), EnableRaisingEvents = true });
        started.process.OutputDataReceived += (_, line) => started.Keep(line.Data);
        started.process.ErrorDataReceived += (_, line) => started.Keep(line.Data);
        started.process.Exited += (_, _) => started.listening.TrySetException(new InvalidOperationException($"The process ended before it listened:\n{started.Output}"));
        started.process.Start();
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<string> Run(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        using Process ran = Process.Start(InfoOf(BuiltProgram, settings, arguments))!;
        Task<string> written = ran.StandardOutput.ReadToEndAsync(), said = ran.StandardError.ReadToEndAsync();
        await ran.WaitForExitAsync().WaitAsync(startTimeout);
        return ran.ExitCode == 0 ? await written : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {ran.ExitCode}: {await said}");
    }

    /// <summary>Completes when it listens and has said so.</summary>
    public async Task Ready()
    {
        try
        {
            await listening.Task.WaitAsync(startTimeout);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process did not listen within {startTimeout}:\n{Output}");
        }
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        process.Kill();
        await Ended();
    }

    /// <summary>SIGTERM: it drains and leaves in its own time.</summary>
    public async Task Stop()
    {
        if (Signal(process.Id, StopSignal) != 0)
            throw new InvalidOperationException($"Process {process.Id} could not be signalled: {Marshal.GetLastPInvokeErrorMessage()}");
        await Ended();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }

    private static ProcessStartInfo InfoOf(string program, IReadOnlyDictionary<string, string> settings, string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            info.Environment[name] = value;
        return info;
    }

    private void Keep(string? line)
    {
        const string Mark = "listening on ";
        if (line is null)
            return;
        output.Enqueue(line.Length > LineCharsMax ? line[..LineCharsMax] : line);
        if (output.Count > LinesKept)
            output.TryDequeue(out _);
        if (line.StartsWith(Mark, StringComparison.Ordinal))
            listening.TrySetResult(new(line[Mark.Length..].Split(' ')[0]));
    }

    private async Task Ended() => await process.WaitForExitAsync().WaitAsync(endTimeout);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
