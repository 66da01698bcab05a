using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>The real server in a process of its own, so that it can be killed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int OutputLinesMax = 200;
    private const int PowerCutSignal = 12;
    private const int StopSignal = 15;

    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan endTimeout = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private bool isDisposed;
    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Action<string>? said;

    private ServerProcess(Process process, Action<string>? said) => (this.process, this.said) = (process, said);

    public Uri Address => listening.Task.Result;

    /// <summary>Starts <c>serve</c> on a folder and returns when it says where it listens.</summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="environment">Settings.</param>
    /// <param name="said">Called with every line that it writes to its outputs.</param>
    public static async Task<ServerProcess> Start(
        string dataFolder, IReadOnlyDictionary<string, string>? environment = null, Action<string>? said = null)
    {
        string[] arguments = [ServerPath(), "serve", "--data", dataFolder, "--port", $"{FreePort()}", "--insecure-loopback"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var server = new ServerProcess(new() { StartInfo = start, EnableRaisingEvents = true }, said);
        await server.Begin();
        return server;
    }

    /// <summary>SIGKILL: the process ends between two instructions; what it gave to the system stays.</summary>
    public async Task Kill()
    {
        process.Kill();
        await Ended();
    }

    /// <summary>SIGTERM: the process ends in its own time.</summary>
    public async Task Stop()
    {
        if (Signal(process.Id, StopSignal) != 0)
            throw new InvalidOperationException($"Process {process.Id} could not be signalled: {Marshal.GetLastPInvokeErrorMessage()}");
        await Ended();
    }

    /// <summary>Has the preloaded library undo what was not synced and end the process.</summary>
    public async Task CutPower()
    {
        if (Signal(process.Id, PowerCutSignal) != 0)
            throw new InvalidOperationException($"Process {process.Id} could not be signalled: {Marshal.GetLastPInvokeErrorMessage()}");
        await Ended();
    }

    /// <summary>Memory that the process holds now.</summary>
    public long ResidentBytes()
    {
        process.Refresh();
        return process.WorkingSet64;
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

    private static string ServerPath()
    {
        // Beside this test project's output lies the server's own, which has all its files.
        string outputs = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Environment.GetEnvironmentVariable("REC_TEST_SERVER") ?? Path.Combine(outputs, "OrleansRec.Silo", configuration, "orleansrec.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task Begin()
    {
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The server ended before it listened:\n{Output()}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await listening.Task.WaitAsync(startTimeout);
        }
        catch (Exception e)
        {
            string seen = Output();
            await DisposeAsync();
            throw e is TimeoutException ? new TimeoutException($"The server did not listen within {startTimeout}:\n{seen}") : e;
        }
    }

    private void Keep(string? line)
    {
        const string Mark = "listening on ";
        if (line is null)
            return;
        said?.Invoke(line);
        output.Enqueue(line);
        if (output.Count > OutputLinesMax)
            output.TryDequeue(out _);
        int mark = line.IndexOf(Mark, StringComparison.Ordinal);
        if (mark >= 0)
            listening.TrySetResult(new(line[(mark + Mark.Length)..].Split(' ')[0]));
    }

    /// <summary>The last lines that it wrote.</summary>
    public string Output() => string.Join('\n', output);

    private async Task Ended()
    {
        using var timeout = new CancellationTokenSource(endTimeout);
        await process.WaitForExitAsync(timeout.Token);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
