using System.Text.Json.Nodes;
using OrleansRec.Model;

namespace OrleansRec.Silo.Evaluation;

/// <summary>Quality of the model beside the popularity baseline.</summary>
internal sealed record QualityFigures(QualityOf Model, QualityOf Popularity, QualityOf? ModelFullCatalogue)
{
    public JsonObject ToJson()
    {
        var json = Model.ToJson();
        json["popularity"] = Popularity.ToJson();
        if (ModelFullCatalogue is not null)
            json["fullCatalogue"] = ModelFullCatalogue.ToJson();
        return json;
    }
}

/// <summary>What one way of making lists reaches.</summary>
internal sealed record QualityOf(RankingMetrics Ranking, RatingMetrics? Ratings)
{
    /// <summary>The lengths that <see cref="ToJson"/> reads.</summary>
    public static ReadOnlySpan<int> Lengths => [10, 20, 100];

    public static QualityOf None(int catalogueItems, bool withRatings) => new(new(catalogueItems, Lengths), withRatings ? new() : null);

    public JsonObject ToJson()
    {
        var (at10, at20, at100) = (Ranking.At(10), Ranking.At(20), Ranking.At(100));
        var json = new JsonObject
        {
            ["users"] = at10.Users, ["recall@20"] = at20.Recall, ["ndcg@10"] = at10.Ndcg, ["ndcg@100"] = at100.Ndcg, ["hitrate@10"] = at10.HitRate,
            ["map@10"] = at10.Map, ["precision@10"] = at10.Precision, ["mrr@10"] = at10.Mrr, ["coverage@10"] = at10.CatalogueCoverage,
        };
        if (Ratings is { Count: > 0 })
            (json["rmse"], json["mae"]) = (Ratings.Rmse, Ratings.Mae);
        return json;
    }
}
