using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;

namespace OrleansRec.Grains.Users;

/// <summary>Several lists of one page, and categories and brands.</summary>
public sealed partial class UserGrain
{
    public async Task<RecommendationList[]> RecommendPage(RecommendRequest[] blocks, CancellationToken cancellation = default)
    {
        PageRules.Check(blocks);
        await Hydrate(cancellation);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        foreach (RecommendRequest block in blocks)
            await lists.Refresh(GrainFactory, block.Shape, cancellation);
        await catalogue.RefreshCounts(GrainFactory, model, cancellation);
        // From here on nothing is awaited: all lists are of one history, one model and one state of the catalogue.
        ShopBlock items = maker.BlockOf(model);
        var made = new RecommendationList[blocks.Length];
        var shown = new List<string>();
        for (int n = 0; n < blocks.Length; n++)
        {
            made[n] = Block(n, model, shown.Count == 0 ? blocks[n] : blocks[n] with { Exclude = [.. blocks[n].Exclude ?? [], .. shown] }, items);
            shown.AddRange(made[n].Items.Select(i => i.ItemId));
        }
        return made;
    }

    private RecommendationList Block(int number, PublishedModel? model, RecommendRequest request, ShopBlock items)
    {
        try
        {
            return Make(new(view), model, request, items);
        }
        catch (ListRefusedException refused)
        {
            throw new ListRefusedException($"blocks[{number}].{refused.Field}", refused.Value, refused.Rule);
        }
    }

    public async Task<LabelList> RecommendLabels(string field, int k, RecommendRequest request, CancellationToken cancellation = default)
    {
        ItemLabels.Check(field, k);
        await Hydrate(cancellation);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        await lists.Refresh(GrainFactory, request.Shape, cancellation);
        await catalogue.RefreshCounts(GrainFactory, model, cancellation);
        return ItemLabels.Of(maker.Make(view.InputOf(model), request with { K = LabelList.ItemsMax }), catalogue, field, k);
    }
}
