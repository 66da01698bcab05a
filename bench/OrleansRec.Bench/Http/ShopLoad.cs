using System.Diagnostics;
using OrleansRec.Bench.Shapes;

namespace OrleansRec.Bench.Http;

/// <summary>One kind of request to one server, over connections that stay open. First it runs unmeasured, so that the server's code is compiled and its users are in memory.</summary>
internal sealed class ShopLoad : IDisposable
{
    /// <summary>Three for each user of the shop, so that nearly all of them have asked once.</summary>
    private const int WarmUpRequests = 30_000;

    /// <summary>How long it warms up at least and at most.</summary>
    private static readonly TimeSpan warmUpMin = TimeSpan.FromSeconds(6), warmUpMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan warmUpStep = TimeSpan.FromSeconds(1), settling = TimeSpan.FromSeconds(0.5);

    private readonly LoadGenerator _generator;
    private readonly RequestWriter _write;

    /// <summary>Connects and warms up.</summary>
    /// <param name="server">The server.</param>
    /// <param name="connections">Connections, each with one request under way at most.</param>
    /// <param name="request">Which request.</param>
    /// <param name="seed">Of users and items.</param>
    /// <param name="shape">The shop's history; null: <see cref="BenchShop"/>'s.</param>
    public ShopLoad(Uri server, int connections, Func<ShopRequests, RequestWriter> request, int seed = 1, HistoryShape? shape = null)
    {
        _generator = new(server, connections);
        _write = request(new(shape ?? BenchShop.Shape, seed));
        WarmUp();
    }

    /// <summary>Every connection sends its next request when its last is answered.</summary>
    public LoadFigures Saturate(TimeSpan duration)
    {
        // Another server had the processors before.
        _generator.Saturate(_write, settling);
        return _generator.Saturate(_write, duration);
    }

    /// <summary>Requests are due at even distances.</summary>
    public LoadFigures Pace(double perSecond, TimeSpan duration)
    {
        _generator.Saturate(_write, settling);
        return _generator.Pace(_write, perSecond, duration);
    }

    public void Dispose() => _generator.Dispose();

    private void WarmUp()
    {
        var clock = Stopwatch.StartNew();
        for (int requests = 0; clock.Elapsed < warmUpMin || (requests < WarmUpRequests && clock.Elapsed < warmUpMax);)
            requests += _generator.Saturate(_write, warmUpStep).Requests;
    }
}
