using System.Runtime.InteropServices;
using OrleansRec.Contracts;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>Lists of many users in pieces on the compute pool, which lets requests go first. Each list equals the one that its user gets alone.</summary>
/// <param name="copies">The silo's copies for the tenant; the catalogue is fresh.</param>
/// <param name="scan">Makes the lists.</param>
/// <param name="pool">Runs the pieces.</param>
public sealed class ListBatch(TenantCopies copies, ListScan scan, IComputePool pool)
{
    /// <summary>Users of one piece: the kernel takes a group of them through each block of items.</summary>
    public const int PieceUsers = ItemIndex.GroupQueriesMax;

    /// <summary>A list for each history, in the order of the histories.</summary>
    /// <param name="model">The model; null where none is published.</param>
    /// <param name="histories">Of the users.</param>
    /// <param name="request">What each list is to be.</param>
    /// <param name="cancellationToken">Drops the pieces that have not begun.</param>
    public async Task<RecommendationList[]> Of(
        PublishedModel? model, UserHistory[] histories, RecommendRequest request, CancellationToken cancellationToken)
    {
        var lists = new RecommendationList[histories.Length];
        int pieces = (histories.Length + PieceUsers - 1) / PieceUsers;
        await pool.Run(pieces, (piece, _) =>
        {
            int first = piece * PieceUsers, count = Math.Min(PieceUsers, histories.Length - first);
            Answer(model, histories.AsSpan(first, count), request, lists.AsSpan(first, count));
        }, cancellationToken);
        return lists;
    }

    private void Answer(PublishedModel? model, ReadOnlySpan<UserHistory> histories, RecommendRequest request, Span<RecommendationList> lists)
    {
        var known = new List<UserView>(histories.Length);
        var places = new List<int>(histories.Length);
        for (int h = 0; h < histories.Length; h++)
        {
            pool.Yield();
            var view = new UserView(histories[h].UserId, copies.EventTypes);
            view.Take(histories[h]);
            if (copies.Maker.IsNeededFor(request, model))
            {
                lists[h] = copies.Maker.Make(view.InputOf(model), request).List;
                continue;
            }
            if (model is null || !view.MayPersonalise || view.Fold(model) is null)
            {
                ListInput input = view.InputOf(model);
                lists[h] = copies.Maker.HasRungsFor(input) ? copies.Maker.Make(input, request).List : Popular(model, view, request);
                continue;
            }
            known.Add(view);
            places.Add(h);
        }
        pool.Yield();
        if (known.Count == 0)
            return;
        RecommendationList[] best = scan.BestOfMany(model!, CollectionsMarshal.AsSpan(known), request);
        for (int n = 0; n < best.Length; n++)
            lists[places[n]] = best[n].Items.Length < request.K ? copies.Maker.Fill(best[n], known[n].InputOf(model), request) : best[n];
    }

    /// <summary>Without consent the history decides nothing, not even what is left out.</summary>
    private RecommendationList Popular(PublishedModel? model, UserView view, RecommendRequest request) =>
        scan.Popular(request, request.IncludeSeen || !view.MayPersonalise ? [] : view.Seen(), model)
            with { ModelVersion = model?.Version ?? 0, HistoryVersion = view.Version };
}
