using System.Globalization;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Http;

/// <summary>What the product is compared with, as a process of its own: <see cref="BareEndpoint"/> or <see cref="EmptyEndpoint"/>.</summary>
internal sealed class BesideServer : IAsyncDisposable
{
    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(60), pause = TimeSpan.FromMilliseconds(50);

    private readonly ProductProcess _process;

    private BesideServer(ProductProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts it and asks until it answers.</summary>
    /// <param name="command">Which one.</param>
    /// <param name="folder">Its data folder.</param>
    /// <param name="more">What the command takes besides.</param>
    public static async Task<BesideServer> Start(string command, string folder, params string[] more)
    {
        int port = FreePorts.Take(1)[0];
        ProductProcess process = ProductProcess.StartProgram(
            typeof(BesideServer).Assembly.Location, null, [command, folder, port.ToString(CultureInfo.InvariantCulture), .. more]);
        var server = new BesideServer(process, new($"http://127.0.0.1:{port}"));
        using var http = new HttpClient();
        using var late = new CancellationTokenSource(startTimeout);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(server.Address, "health/live"), late.Token);
                return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(pause, late.Token);
            }
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
