using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansRec.Tests.Shared;

/// <summary>The product as an operating system's process, which can be killed: a server, a silo or a gateway. It ends with the process that started it.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private const int StopSignal = 15;
    private const int LinesKept = 400;
    private const int LineCharsMax = 600;

    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan endTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan commandTimeout = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly Action<string>? said;
    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isDisposed;

    private ProductProcess(Process process, Action<string>? said) => (this.process, this.said) = (process, said);

    /// <summary>Where it serves HTTP; known once it is <see cref="Ready"/>.</summary>
    public Uri Address => listening.Task.Result;

    /// <summary>Its last lines.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Memory that it holds now, resident.</summary>
    public long ResidentBytes => Fresh().WorkingSet64;

    /// <summary>The most memory that it held, resident.</summary>
    public long PeakResidentBytes => Fresh().PeakWorkingSet64;

    /// <summary>The product as it was built, with all its files.</summary>
    public static string BuiltProgram => Environment.GetEnvironmentVariable("REC_TEST_SERVER") ?? Path.Combine(OutputOf("OrleansRec.Silo"), "orleansrec.dll");

    /// <summary>Where another project's output lies: beside that of this one.</summary>
    public static string OutputOf(string project)
    {
        string outputs = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));
        return Path.Combine(outputs, project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)));
    }

    /// <summary>Starts a command that serves; returns before it does.</summary>
    public static ProductProcess Start(IReadOnlyDictionary<string, string>? settings, params string[] arguments) => StartProgram(BuiltProgram, settings, arguments);

    /// <summary>Starts a command of another program.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="settings">Added to the environment.</param>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="workingFolder">Where it runs; null for here.</param>
    /// <param name="said">Called with every line that it writes to its outputs.</param>
    public static ProductProcess StartProgram(
        string program, IReadOnlyDictionary<string, string>? settings, IReadOnlyList<string> arguments, string? workingFolder = null, Action<string>? said = null)
    {
        ProcessStartInfo info = InfoOf(program, settings, arguments);
        (info.RedirectStandardOutput, info.RedirectStandardError, info.WorkingDirectory) = (true, true, workingFolder ?? "");
        var started = new ProductProcess(new() { StartInfo = info }, said);
        started.Begin();
        return started;
    }

    /// <summary>Starts <c>serve</c> on a folder at some free port, without keys, and returns when it listens.</summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="settings">Added to the environment.</param>
    /// <param name="said">Called with every line that it writes to its outputs.</param>
    /// <param name="program">Another build of the product; null for the one beside this project.</param>
    public static async Task<ProductProcess> Serve(
        string dataFolder, IReadOnlyDictionary<string, string>? settings = null, Action<string>? said = null, string? program = null)
    {
        ProductProcess server = StartProgram(program ?? BuiltProgram, settings, ["serve", "--data", dataFolder, "--port", "0", "--insecure-loopback"], said: said);
        await server.Ready();
        return server;
    }

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    public static Task<string> Run(IReadOnlyDictionary<string, string>? settings, params string[] arguments) => RunProgram(BuiltProgram, settings, arguments, commandTimeout);

    /// <summary>Runs a command of another program.</summary>
    public static async Task<string> RunProgram(string program, IReadOnlyDictionary<string, string>? settings, IReadOnlyList<string> arguments, TimeSpan timeout)
    {
        ProgramEnd end = await ProgramEnd.Of(InfoOf(program, settings, arguments), timeout);
        return end.Code == 0 ? end.Output : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {end.Code}:\n{end.Output}{end.Errors}");
    }

    /// <summary>Completes when it listens and has said so; where it does not, it is ended.</summary>
    public async Task Ready()
    {
        try
        {
            await listening.Task.Within(startTimeout, "a server that listens");
        }
        catch (Exception e)
        {
            await DisposeAsync();
            throw e is TimeoutException ? new TimeoutException($"{e.Message}\n{Output}") : e;
        }
    }

    /// <summary>kill -9: it ends between two instructions; what it gave to the system stays.</summary>
    public async Task Kill()
    {
        process.Kill();
        await Ended("kill -9");
    }

    /// <summary>SIGTERM: it drains and ends in its own time.</summary>
    public Task Stop() => Signal(StopSignal);

    /// <summary>Sends a signal that ends it.</summary>
    public async Task Signal(int signal)
    {
        if (SendSignal(process.Id, signal) != 0)
            throw new InvalidOperationException($"Process {process.Id} could not be signalled: {Marshal.GetLastPInvokeErrorMessage()}");
        await Ended($"signal {signal}");
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }

    private static ProcessStartInfo InfoOf(string program, IReadOnlyDictionary<string, string>? settings, IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo("dotnet", [program, .. arguments]);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return info;
    }

    private void Begin()
    {
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        Lifeline.Hold(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = Watch();
    }

    /// <summary>Its end comes after the last line that it wrote.</summary>
    private async Task Watch()
    {
        int id = process.Id;
        await process.WaitForExitAsync();
        Lifeline.Release(id);
        listening.TrySetException(new InvalidOperationException($"The process ended before it listened:\n{Output}"));
        // Seen by whoever waits; nobody need.
        _ = listening.Task.Exception;
    }

    private void Keep(string? line)
    {
        const string Mark = "listening on ";
        if (line is null)
            return;
        said?.Invoke(line);
        output.Enqueue(line.Length > LineCharsMax ? line[..LineCharsMax] : line);
        if (output.Count > LinesKept)
            output.TryDequeue(out _);
        if (line.StartsWith(Mark, StringComparison.Ordinal))
            listening.TrySetResult(new(line[Mark.Length..].Split(' ')[0]));
    }

    private Process Fresh()
    {
        process.Refresh();
        return process;
    }

    private async Task Ended(string means)
    {
        try
        {
            await process.WaitForExitAsync().Within(endTimeout, $"the end of process {process.Id} by {means}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{Output}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
