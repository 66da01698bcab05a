using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Shop;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>
/// One user's history and vector in memory. A view: every answer first checks the history's version with the shard, so events that came another
/// way, or a second activation, do no harm.
/// </summary>
// Who comes back later costs one call to the shard; who stays away costs no memory.
[CollectionAgeLimit(Minutes = 10), GrainType("user")]
public sealed partial class UserGrain(ShardMap map, SiloCopies silo, IRandomSource random, IOptions<ServingOptions> options, TimeProvider time) : Grain, IUserGrain
{
    private readonly KeptLists kept = new();
    private UserView view = null!;
    private TenantEventTypes eventTypes = null!;
    private LocalHistories histories = null!;
    private HistoryMark? mark;
    private IUserShardGrain shard = null!;
    private PublishedModels models = null!;
    private CatalogueCopy catalogue = null!;
    private ListScan scan = null!;
    private ListMaker maker = null!;
    private TenantLists lists = null!;
    private TenantGrains grains;
    private string userId = "";
    private int shardIndex;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GrainKey key = GrainKey.Parse(this.GetPrimaryKeyString());
        (grains, userId) = (new(GrainFactory, key.Tenant), key.Name);
        TenantCopies copies = silo.Of(key.Tenant);
        (models, catalogue, histories, scan) = (copies.Models, copies.Catalogue, copies.Histories, new(copies.Catalogue, random));
        (eventTypes, lists, maker) = (copies.EventTypes, copies.Lists, copies.Maker);
        view = new(userId, eventTypes);
        eventTypes.ReadOld(GrainFactory);
        shardIndex = map.OfUser(userId);
        shard = grains.UserShard(shardIndex);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (mark is not null)
            mark.Histories.Unwatch(userId, mark);
        return Task.CompletedTask;
    }

    public async Task<AppendAnswer> Record(EventRecord[] events, CancellationToken cancellation = default)
    {
        foreach (ref readonly EventRecord e in events.AsSpan())
            if (e.UserId != userId)
                throw new ArgumentException("A user cannot record another user's event.", nameof(events));
        AppendAnswer answer = await shard.Append(events, cancellation);
        view.Take(events, answer);
        return answer;
    }

    public async Task<RecordedList> RecordThenRecommend(EventRecord[] events, RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        AppendAnswer answer = await Record(events, cancellation);
        // Where the view has followed, it is durable as far as the answer goes, and the shard need not be asked again.
        return new(answer, view.Version == answer.HistoryVersion ? await List(request, cancellation) : await Recommend(request, cancellation));
    }

    public async Task<RecommendationList> Recommend(RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        await Hydrate(cancellation);
        return await List(request, cancellation);
    }

    public async Task<Explanation?> Explain(string itemId, CancellationToken cancellation = default)
    {
        await Hydrate(cancellation);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        int row = model?.RowOf(itemId) ?? -1;
        if (model is null || row < 0 || view.Version == 0 || !view.MayPersonalise)
            return null;
        return Split(model, itemId, row);
    }

    public async Task<UserProfile?> GetProfile(CancellationToken cancellation = default)
    {
        await Hydrate(cancellation);
        if (view.Version == 0)
            return null;
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        HistoryEvent[] events = view.Events();
        return new(
            userId, view.Version, events.Length, events.Select(e => e.ItemId).Where(i => i != EventRules.NoItem).Distinct(StringComparer.Ordinal).Count(),
            events.Length == 0 ? 0 : events.Min(e => e.TimeMs), events.Length == 0 ? 0 : events.Max(e => e.TimeMs),
            model?.Version ?? 0, model is null || !view.MayPersonalise ? [] : view.Fold(model)?.Vector ?? [], view.Settings, await Portrait(events, cancellation));
    }

    public async Task<UserHistory> Export(CancellationToken cancellation = default)
    {
        await Hydrate(cancellation);
        return view.ToHistory();
    }

    public async Task<RemoveAnswer> Remove(ulong eventKey, CancellationToken cancellation = default)
    {
        RemoveAnswer answer = await shard.Remove(userId, eventKey, cancellation);
        if (answer.HistoryVersion != view.Version)
            view.Forget();
        return answer;
    }

    public async Task<ConfigureAnswer> Configure(UserSettings settings, CancellationToken cancellation = default)
    {
        ConfigureAnswer answer = await shard.Configure(userId, settings, cancellation);
        view.Forget();
        return answer;
    }

    public async Task<MergeAnswer> Merge(string from, CancellationToken cancellation = default)
    {
        MergeAnswer answer = await shard.Merge(userId, from, cancellation);
        if (answer.HistoryVersion != view.Version)
            view.Forget();
        return answer;
    }

    public async Task<EraseAnswer> Erase(CancellationToken cancellation = default)
    {
        EraseAnswer answer = await shard.Erase(userId, cancellation);
        view.Forget();
        _steady?.Forget();
        DeactivateOnIdle();
        return answer;
    }

    /// <summary>Completes when the view is the present history: at once where the shard is on this silo and has published that it is, else by a call to it.</summary>
    private Task Hydrate(CancellationToken cancellation) => mark?.Confirms(view.Version) == true ? Task.CompletedTask : Load(cancellation);

    private async Task Load(CancellationToken cancellation)
    {
        // Before the call: the shard publishes the version with its answer, and every later change.
        if (mark is null or { IsOver: true })
            mark = histories.Of(shardIndex)?.Watch(userId, kept);
        if (await shard.Load(userId, view.Version, cancellation) is { } history)
            view.Take(history);
    }

    private Task<RecommendationList> List(RecommendRequest request, CancellationToken cancellation) => List(new ListSubject(view), request, cancellation);

    private async Task<RecommendationList> List(ListSubject subject, RecommendRequest request, CancellationToken cancellation, bool isSecondTry = false)
    {
        UserView of = subject.View;
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        await lists.Refresh(GrainFactory, request.Shape, cancellation);
        if (maker.IsNeededFor(request, model, subject.Rules))
            return await Make(subject, model, request, cancellation);
        FoldedUser? user = model is null || !of.MayPersonalise ? null : of.Fold(model);
        if (user is null)
        {
            if (await HasRungs(subject, model, cancellation))
                return await Make(subject, model, request, cancellation);
            // Without consent the history decides nothing, not even what is left out.
            string[] seen = request.IncludeSeen || !of.MayPersonalise ? [] : of.Seen();
            RecommendationList popular = await grains.Scoring.Popular(request, seen, cancellation);
            return popular with { ModelVersion = model?.Version ?? 0, HistoryVersion = of.Version };
        }
        await catalogue.Refresh(GrainFactory, cancellation);
        long edition = catalogue.Edition;
        if (of == view && kept.Find(request, model!.Version, catalogue.Version, edition, view.Version) is { } known)
            return known with { RecommendationId = scan.NewId() };
        RecommendationList list;
        try
        {
            list = await Score(of, user, request, cancellation);
        }
        catch (VersionGoneException) when (!isSecondTry)
        {
            models.Invalidate();
            return await List(subject, request, cancellation, isSecondTry: true);
        }
        if (list.Items.Length < request.K)
            list = maker.Fill(list, subject.InputOf(model), request);
        if (of == view)
            kept.Keep(request, list, edition);
        return list;
    }

    /// <summary>A short scan runs here: it takes less than a call would. A long one runs in the workers, which are as many as there are processors.</summary>
    private async Task<RecommendationList> Score(UserView of, FoldedUser user, RecommendRequest request, CancellationToken cancellation)
    {
        PublishedModel model = user.Model;
        if (model.Factors.Length * (long)sizeof(float) <= options.Value.InlineScanBytesMax)
            return scan.Best(model, user.Query, user.Offset, Seen(), of.Version, request, SeenBeside());
        return await grains.Scoring.Top(new(model.Version, of.Version, user.Query, user.Offset, [.. Seen()], request, SeenBeside()), cancellation);

        string[]? SeenBeside() => request.IncludeSeen || model.NewItems is null ? null : of.SeenBeside(model);

        ReadOnlySpan<int> Seen() => request.IncludeSeen ? [] : of.SeenRows(model);
    }

    private Explanation Split(PublishedModel model, string itemId, int row)
    {
        FoldScratch scratch = model.TakeScratch();
        view.AddPairs(model, scratch.Pairs);
        ReadOnlySpan<int> rows = scratch.Pairs.Items;
        double[] amounts = new double[rows.Length], similarities = new double[rows.Length], weights = new double[rows.Length];
        double offset = model.FoldIn.Explain(rows, scratch.Pairs.Values, row, amounts, similarities, weights, scratch.Solver);
        var contributions = new Contribution[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            contributions[i] = new(model.Ids[rows[i]], amounts[i], similarities[i], weights[i]);
        model.Return(scratch);
        Array.Sort(contributions, static (a, b) => a.Amount != b.Amount ? b.Amount.CompareTo(a.Amount) : string.CompareOrdinal(a.ItemId, b.ItemId));
        return new(itemId, model.Version, view.Version, offset + contributions.Sum(c => c.Amount), offset, contributions);
    }
}
