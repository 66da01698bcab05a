using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansRec.Model.Evaluation;

namespace OrleansRec.Silo.Evaluation.Report;

/// <summary>A comparison as a table of cells, as Markdown, as one HTML page with its plots inside, and as JSON.</summary>
internal static class ComparisonReport
{
    private static readonly string[] header =
    [
        "model", "NDCG@10", "95 % range", "recall@20", "precision@10", "F1@10", "hit rate@10", "MAP@10", "MRR@10", "coverage@10", "novelty, bits", "diversity", "Gini",
        "NDCG@10 new users", "recall@20 rare items",
    ];

    /// <summary>The heading of <see cref="Rows"/>.</summary>
    public static string[] Header => header;

    /// <summary>One row a model, the best first.</summary>
    public static IEnumerable<string[]> Rows(Comparison comparison) => comparison.Models.OrderByDescending(m => m.Ndcg10Range.Mean).Select(m => (string[])
    [
        m.Model, Four(m.Ndcg10Range.Mean), $"{Four(m.Ndcg10Range.Low)} … {Four(m.Ndcg10Range.High)}", Four(m.At20.Recall), Four(m.At10.Precision), Four(m.At10.F1), Four(m.At10.HitRate),
        Four(m.At10.Map), Four(m.At10.Mrr), Four(m.Lists.Coverage), Text($"{m.Lists.Novelty:0.00}"), Text($"{m.Lists.Diversity:0.000}"), Text($"{m.Lists.Gini:0.000}"),
        Four(m.NewUsersNdcg10), Four(m.RareItemsRecall20),
    ]);

    /// <summary>How far the hybrid is above the best single model, in words.</summary>
    public static string Verdict(Comparison comparison)
    {
        var best = comparison.BestSingle;
        var above = comparison.Above(best);
        return Text($"The hybrid is {above.Mean:+0.0000;-0.0000} ({above.Mean / best.Ndcg10Range.Mean:+0.0 %;-0.0 %}) from the best single model, {best.Model}; 95 % range {above.Low:+0.0000;-0.0000} … {above.High:+0.0000;-0.0000} (paired bootstrap over {comparison.Size.Users} users, {Bootstrap.ResamplesDefault:N0} resamples).");
    }

    /// <summary>How new items are found, in words.</summary>
    public static string Text(NewItems news) => Text($"New items, {news.Items} hidden and ranked by their titles alone, {news.Users} users: recall@20 by content {news.Content:0.0000}, by factors from content {news.Factors:0.0000}, by both {news.Both:0.0000}; a random order {news.Random:0.0000}. Both are {news.Both / news.Random:0.0} times the random order.")
        + (news is { Sequence: { } sequence, All: { } all } ? Text($" By the sequence model, with embeddings from content: {sequence:0.0000}; by all three {all:0.0000}.") : "");

    public static string Markdown(string title, Comparison comparison, NewItems? news)
    {
        var page = new StringBuilder($"## {title}\n\n{Sizes(comparison)}\n\n");
        Table(page, Header, Rows(comparison));
        page.Append($"\n{Verdict(comparison)}\n\n{(news is null ? "" : Text(news) + "\n\n")}### Settings, chosen on the inner split\n\n");
        Table(page, ["part", "setting", "NDCG@10 there", "weight"], Settings(comparison));
        page.Append($"\n{Learning(comparison)}\n\n### Calibration\n\n{Calibration(comparison)}\n\n");
        Table(page, ["entries", "predicted", "taken"], ReliabilityRows(comparison));
        return page.ToString();
    }

    public static string Html(string title, Comparison comparison, NewItems? news)
    {
        var page = new StringBuilder();
        page.Append($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Safe(title)}</title><style>{Style}</style></head><body><h1>{Safe(title)}</h1><p>{Safe(Sizes(comparison))}</p>");
        HtmlTable(page, Header, Rows(comparison));
        page.Append($"<p>{Safe(Verdict(comparison))}</p>");
        if (news is not null)
            page.Append($"<p>{Safe(Text(news))}</p>");
        page.Append(BarPlot.Draw("NDCG@10 with its 95 % range", [.. comparison.Models.OrderByDescending(m => m.Ndcg10Range.Mean).Select(m => new Bar(m.Model, m.Ndcg10Range.Mean, m.Ndcg10Range.Low, m.Ndcg10Range.High))]));
        page.Append(SvgPlot.Draw(RecallPlot(comparison)));
        page.Append("<h2>Settings, chosen on the inner split</h2>");
        HtmlTable(page, ["part", "setting", "NDCG@10 there", "weight"], Settings(comparison));
        page.Append($"<p>{Safe(Learning(comparison))}</p><h2>Calibration</h2><p>{Safe(Calibration(comparison))}</p>");
        HtmlTable(page, ["entries", "predicted", "taken"], ReliabilityRows(comparison));
        page.Append(SvgPlot.Draw(ReliabilityPlot(comparison))).Append("</body></html>\n");
        return page.ToString();
    }

    public static JsonObject Json(Comparison comparison)
    {
        var best = comparison.BestSingle;
        var above = comparison.Above(best);
        return new()
        {
            ["users"] = comparison.Size.Users, ["items"] = comparison.Size.Items, ["trainPairs"] = comparison.Size.Train, ["testPairs"] = comparison.Size.Test,
            ["models"] = new JsonArray([.. comparison.Models.Select(m => (JsonNode)new JsonObject
            {
                ["model"] = m.Model, ["setting"] = m.Setting, ["ndcg@10"] = m.Ndcg10Range.Mean, ["ndcg@10Low"] = m.Ndcg10Range.Low, ["ndcg@10High"] = m.Ndcg10Range.High,
                ["recall@20"] = m.At20.Recall, ["precision@10"] = m.At10.Precision, ["f1@10"] = m.At10.F1, ["hitrate@10"] = m.At10.HitRate, ["map@10"] = m.At10.Map, ["mrr@10"] = m.At10.Mrr,
                ["coverage@10"] = m.Lists.Coverage, ["novelty@10"] = m.Lists.Novelty, ["diversity@10"] = m.Lists.Diversity, ["gini@10"] = m.Lists.Gini,
                ["newUsersNdcg@10"] = m.NewUsersNdcg10, ["rareItemsRecall@20"] = m.RareItemsRecall20,
            })]),
            ["bestSingle"] = best.Model, ["hybridAbove"] = above.Mean, ["hybridAboveLow"] = above.Low, ["hybridAboveHigh"] = above.High,
            ["weights"] = new JsonObject(comparison.Weights.Weights.Select(w => KeyValuePair.Create(w.Key, (JsonNode?)JsonValue.Create(w.Value)))),
            ["calibrationError"] = comparison.Reliability.Error, ["brier"] = comparison.Reliability.Brier,
        };
    }

    public static JsonObject Json(NewItems news) => new()
    {
        ["users"] = news.Users, ["items"] = news.Items, ["content"] = news.Content, ["factors"] = news.Factors, ["both"] = news.Both, ["sequence"] = news.Sequence, ["all"] = news.All, ["random"] = news.Random,
    };

    private const string Style = "body{font-family:sans-serif;margin:2em;max-width:80em}table{border-collapse:collapse}td,th{padding:2px 8px;text-align:right;border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}svg{width:720px;display:block;margin:1em 0}";

    private static string Sizes(Comparison c) =>
        Text($"{c.Size.Train:N0} pairs to train on, {c.Size.Test:N0} to test on, {c.Size.Users:N0} users tested, {c.Size.Items:N0} items ranked; what a user has is left out. The test pairs were scored once, after every choice.");

    private static IEnumerable<string[]> Settings(Comparison c) =>
        c.Choices.Select(p => new[] { p.Fit.Part, p.Setting, Four(p.InnerNdcg), Text($"{c.Weights.Of(p.Fit.Part):0.000}") });

    private static string Learning(Comparison c) =>
        $"Weights: {c.Learned.Loss} loss, {(c.Weights.IsScaled ? "each part divided by the scale of its query" : "scores as they are")}, then a seeded search around them for NDCG@10. NDCG@10 of half of the inner users by weights learned on the other half: "
        + string.Join("; ", c.Learned.ByLoss.Select(l => $"{l.Key} {Four(l.Value)}")) + ".";

    private static string Calibration(Comparison c) => Text($"Probability that one of the first {Comparison.CalibratedLength} entries is taken: 1 / (1 + e^−({c.Sigmoid.Slope:0.000}·score {c.Sigmoid.Intercept:+0.000;-0.000})), fitted on the inner split. On the test pairs the expected calibration error is {c.Reliability.Error:0.0000}, the Brier score {c.Reliability.Brier:0.0000}.");

    private static IEnumerable<string[]> ReliabilityRows(Comparison c) => c.Reliability.Rows.Select(r => new[] { Text($"{r.Count}"), Four(r.Predicted), Four(r.Taken) });

    private static Plot RecallPlot(Comparison c) => new("recall", "Recall by length of the list", "entries", "recall",
        [.. c.Models.OrderByDescending(m => m.Ndcg10Range.Mean).Select(m => new PlotLine(m.Model, [.. m.RecallCurve.Select(p => ((double)p.Length, p.Recall))]))], IsLogX: true);

    private static Plot ReliabilityPlot(Comparison c) => new("reliability", "Predicted and taken", "predicted", "taken",
    [
        new("hybrid", [.. c.Reliability.Rows.Select(r => (r.Predicted, r.Taken))]),
        new("perfect", [.. c.Reliability.Rows.Select(r => (r.Predicted, r.Predicted))]),
    ]);

    private static void Table(StringBuilder page, string[] head, IEnumerable<string[]> rows)
    {
        page.Append($"| {string.Join(" | ", head)} |\n|{string.Concat(head.Select(_ => "---|"))}\n");
        foreach (string[] row in rows)
            page.Append($"| {string.Join(" | ", row)} |\n");
    }

    private static void HtmlTable(StringBuilder page, string[] head, IEnumerable<string[]> rows)
    {
        page.Append("<table><tr>").AppendJoin("", head.Select(h => $"<th>{Safe(h)}</th>")).Append("</tr>");
        foreach (string[] row in rows)
            page.Append("<tr>").AppendJoin("", row.Select(c => $"<td>{Safe(c)}</td>")).Append("</tr>");
        page.Append("</table>");
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private static string Four(double value) => Text($"{value:0.0000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
