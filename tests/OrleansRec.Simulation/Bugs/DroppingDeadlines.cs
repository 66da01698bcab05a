using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Users;

namespace OrleansRec.Simulation;

/// <summary>Does not pass the caller's deadline on.</summary>
[GrainType("user")]
internal sealed class DroppingDeadlines(ShardMap map, SiloCopies silo, IRandomSource random, IOptions<ServingOptions> options, TimeProvider time) : Grain, IUserGrain
{
    private readonly UserGrain _inner = new(map, silo, random, options, time);

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _inner.OnActivateAsync(cancellationToken);

    public Task<AppendAnswer> Record(EventRecord[] events, CancellationToken cancellation = default) => _inner.Record(events);

    public Task<RecordedList> RecordThenRecommend(EventRecord[] events, RecommendRequest request, CancellationToken cancellation = default) =>
        _inner.RecordThenRecommend(events, request);

    public Task<RecommendationList> Recommend(RecommendRequest request, CancellationToken cancellation = default) => _inner.Recommend(request);

    public Task<RecommendationList?> Next(string recommendationId, int k, CancellationToken cancellation = default) => _inner.Next(recommendationId, k, cancellation);

    public Task<RecommendationList[]> RecommendPage(RecommendRequest[] blocks, CancellationToken cancellation = default) => _inner.RecommendPage(blocks, cancellation);

    public Task<LabelList> RecommendLabels(string field, int k, RecommendRequest request, CancellationToken cancellation = default) =>
        _inner.RecommendLabels(field, k, request, cancellation);

    public Task<SimilarUser[]?> SimilarUsers(int k, CancellationToken cancellation = default) => _inner.SimilarUsers(k, cancellation);

    public Task<Explanation?> Explain(string itemId, CancellationToken cancellation = default) => _inner.Explain(itemId);

    public Task<ItemStanding> WhyNot(string itemId, RecommendRequest request, string? recommendationId, CancellationToken cancellation = default) =>
        _inner.WhyNot(itemId, request, recommendationId, cancellation);

    public Task<WhatIfAnswer> WhatIf(WhatIf question, CancellationToken cancellation = default) => _inner.WhatIf(question, cancellation);

    public Task<UserProfile?> GetProfile(CancellationToken cancellation = default) => _inner.GetProfile(cancellation);

    public Task<UserHistory> Export(CancellationToken cancellation = default) => _inner.Export(cancellation);

    public Task<ConfigureAnswer> Configure(UserSettings settings, CancellationToken cancellation = default) => _inner.Configure(settings, cancellation);

    public Task<MergeAnswer> Merge(string from, CancellationToken cancellation = default) => _inner.Merge(from, cancellation);

    public Task<RemoveAnswer> Remove(ulong eventKey, CancellationToken cancellation = default) => _inner.Remove(eventKey, cancellation);

    public Task<EraseAnswer> Erase(CancellationToken cancellation = default) => _inner.Erase(cancellation);
}
