using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansRec.Bench.Http;

namespace OrleansRec.Bench.Ingest;

/// <summary>The product's own program, run as an operator runs it.</summary>
internal static class ProductProcess
{
    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"orleansrec {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{await errors}");
    }

    /// <summary>Starts a server on a folder; the caller kills it.</summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="waitsForMark">Whether to wait until it says that it is ready.</param>
    public static async Task<(Process Server, Uri Address)> Serve(string dataFolder, bool waitsForMark = true)
    {
        const string Mark = "listening on ";
        int port = FreePort();
        var server = Process.Start(Start(["serve", "--data", dataFolder, "--port", $"{port}", "--insecure-loopback"]))!;
        var listening = new TaskCompletionSource<Uri>();
        void Look(object sender, DataReceivedEventArgs line)
        {
            if (line.Data?.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
                listening.TrySetResult(new(line.Data[(at + Mark.Length)..].Split(' ')[0]));
        }
        server.OutputDataReceived += Look;
        server.ErrorDataReceived += Look;
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        if (!waitsForMark)
            return (server, new($"http://127.0.0.1:{port}"));
        return (server, await listening.Task.WaitAsync(startTimeout));
    }

    /// <summary>Starts <see cref="BareEndpoint"/> on a folder; the caller kills it.</summary>
    public static async Task<(Process Server, Uri Address)> Bare(string folder)
    {
        int port = FreePort();
        var server = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(ProductProcess).Assembly.Location, BareEndpoint.Command, folder, port.ToString(CultureInfo.InvariantCulture)]))!;
        var address = new Uri($"http://127.0.0.1:{port}");
        using var http = new HttpClient();
        using var late = new CancellationTokenSource(startTimeout);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(address, "health/live"), late.Token);
                return (server, address);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), late.Token);
            }
        }
    }

    private static ProcessStartInfo Start(string[] arguments)
    {
        string outputs = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(outputs, "OrleansRec.Silo", configuration, "orleansrec.dll");
        return new("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
