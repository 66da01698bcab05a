using System.Globalization;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Http;

/// <summary><see cref="BareEndpoint"/> on a folder, as a process of its own.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(60), pause = TimeSpan.FromMilliseconds(50);

    private readonly ProductProcess process;

    private BareServer(ProductProcess process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts it and asks until it answers.</summary>
    public static async Task<BareServer> Start(string folder)
    {
        int port = FreePorts.Take(1)[0];
        ProductProcess process = ProductProcess.StartProgram(
            typeof(BareServer).Assembly.Location, null, [BareEndpoint.Command, folder, port.ToString(CultureInfo.InvariantCulture)]);
        var server = new BareServer(process, new($"http://127.0.0.1:{port}"));
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

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
