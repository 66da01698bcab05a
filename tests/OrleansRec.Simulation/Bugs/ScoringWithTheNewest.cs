using Orleans;
using Orleans.Concurrency;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;

namespace OrleansRec.Simulation;

/// <summary>Scores with whatever model is current, also a vector that was folded in under the one before.</summary>
[StatelessWorker, GrainType("scoring")]
internal sealed class ScoringWithTheNewest(SiloCopies silo, IRandomSource random, TimeProvider time) : Grain, IScoringGrain
{
    private readonly ScoringGrain _inner = new(silo, random, time);

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _inner.OnActivateAsync(cancellationToken);

    public async Task<RecommendationList> Top(ScoringQuery query, CancellationToken cancellation = default)
    {
        var models = silo.Of(GrainKey.Parse(this.GetPrimaryKeyString()).Tenant).Models;
        models.Invalidate();
        var newest = await models.Get(GrainFactory, cancellation);
        var isSameWidth = newest?.Width == query.Vector.Length;
        return await _inner.Top(isSameWidth ? query with { ModelVersion = newest!.Version } : query, cancellation);
    }

    public Task<RecommendationList> Popular(RecommendRequest request, string[] seen, CancellationToken cancellation = default) =>
        _inner.Popular(request, seen, cancellation);

    public Task<RecommendationList?> Similar(string itemId, RecommendRequest request, CancellationToken cancellation = default) =>
        _inner.Similar(itemId, request, cancellation);

    public Task<RecommendationList?> Beside(string itemId, string by, RecommendRequest request, CancellationToken cancellation = default) =>
        _inner.Beside(itemId, by, request, cancellation);

    public Task<RecommendationList> Trending(RecommendRequest request, CancellationToken cancellation = default) => _inner.Trending(request, cancellation);

    public Task<LabelList> TrendingLabels(string field, int k, RecommendRequest request, CancellationToken cancellation = default) =>
        _inner.TrendingLabels(field, k, request, cancellation);

    public Task<RecommendationList> RecommendFor(HistoryPair[] history, RecommendRequest request, CancellationToken cancellation = default) =>
        _inner.RecommendFor(history, request, cancellation);
}
