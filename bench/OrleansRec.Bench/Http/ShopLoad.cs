namespace OrleansRec.Bench.Http;

/// <summary>One kind of request to one server, over connections that stay open. First it runs unmeasured, so that the server's code is compiled and its users are in memory.</summary>
internal sealed class ShopLoad : IDisposable
{
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(8), settling = TimeSpan.FromSeconds(0.5);

    private readonly LoadGenerator _generator;
    private readonly RequestWriter _write;

    /// <summary>Connects and warms up.</summary>
    /// <param name="server">The server.</param>
    /// <param name="connections">Connections, each with one request under way at most.</param>
    /// <param name="request">Which request.</param>
    /// <param name="seed">Of users and items.</param>
    public ShopLoad(Uri server, int connections, Func<ShopRequests, RequestWriter> request, int seed = 1)
    {
        _generator = new(server, connections);
        _write = request(new(BenchShop.Shape, seed));
        _generator.Saturate(_write, warmUp);
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
}
