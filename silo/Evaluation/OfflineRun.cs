using System.IO.Hashing;
using System.Text;
using OrleansRec.Model;
using OrleansRec.Model.Content;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Sequence;
using OrleansRec.Silo.Commands;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Evaluation;

/// <summary>How one file is split, and how the training pairs are split once more to choose on.</summary>
internal sealed record SplitChoice(string Kind, double Share, int Folds, int Seed)
{
    public static readonly string[] Kinds = ["time", "random", LeaveOneOut, "k-fold"];

    /// <summary>The last item of each user is tested on.</summary>
    public const string LeaveOneOut = "leave-one-out";

    /// <summary>The parts to measure on: one, or one a fold.</summary>
    public IReadOnlyList<SplitParts> Of(IReadOnlyList<Interaction> all) => Kind switch
    {
        "time" => [Split.ByTimePerUser(all, Share)],
        "random" => [Split.RandomPerUser(all, Share, Seed)],
        "leave-one-out" => [Split.LeaveOneOut(all, HasTimes(all) ? LeftOut.Last : LeftOut.Random, Seed)],
        _ => Split.KFold(all, Folds, Seed),
    };

    /// <summary>The same kind of split of the training pairs: what is chosen there fits what is asked for.</summary>
    public SplitParts Inner(IReadOnlyList<Interaction> train) => Kind switch
    {
        "time" => Split.ByTimePerUser(train, Share),
        "leave-one-out" => Split.LeaveOneOut(train, HasTimes(train) ? LeftOut.Last : LeftOut.Random, Seed + 1),
        _ => Split.RandomPerUser(train, Share, Seed + 1),
    };

    public static bool HasTimes(IReadOnlyList<Interaction> pairs) => pairs.Select(p => p.TimeMs).Distinct().Take(2).Count() == 2;
}

/// <summary>Reads what an offline evaluation needs, in this process and without a cluster: the models are the pure ones that the shards run.</summary>
internal static class OfflineRun
{
    /// <summary>Items of one in so many hashes are new.</summary>
    private const int NewItemsOneIn = 10;

    /// <summary>λ of the regression from content to factors: the one of those tried that another hidden tenth of the training items chose.</summary>
    private static readonly double[] ridgeLambdas = [3, 30];

    /// <summary>Reads a file as pairs. Lines without a time are at 0: the time of the import says nothing.</summary>
    public static async Task<IReadOnlyList<Interaction>> Read(ImportPlan plan, CommandOutput output, CancellationToken cancellation)
    {
        var sink = new CollectingSink(new DrySink());
        var report = await ImportCommand.Run(plan, sink, EventTypeRules.Default, null, output, cancellation);
        foreach (var (reason, count) in report.Rejected)
            CommandOutput.Note($"{plan.Path}: {count.Count} lines left out: {reason} (first: line {count.FirstLine})");
        if (sink.Events.Count == 0)
            throw new BadInputException("file", plan.Path, "must hold at least one good line");
        var pairs = Pairs.Of(sink.Events, last: false);
        return SplitChoice.HasTimes(pairs) ? pairs : [.. pairs.Select(p => p with { TimeMs = 0 })];
    }

    /// <summary>Whether an item is one of the tenth that stands for new ones.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="remainder">Which tenth, 0 to 9: XxHash64 of the id's UTF-8 bytes, modulo 10.</param>
    public static bool IsNew(string itemId, int remainder) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(itemId)) % NewItemsOneIn == (ulong)remainder;

    /// <summary>Measures new items: λ and the reading of the past are chosen with another hidden tenth on the inner split.</summary>
    public static NewItems NewItemsOf(SplitParts parts, Func<IReadOnlyList<Interaction>, SplitParts> innerSplit, IReadOnlyDictionary<string, ItemFeatures> content, AlsOptions als, int workers)
    {
        Interaction[] known = [.. parts.Train.Where(p => !IsNew(p.ItemId, 0))];
        var inner = innerSplit(known);
        double[] halfLives = SplitChoice.HasTimes(known) ? [0, 30] : [0];
        var choice = (from lambda in ridgeLambdas
                      from halfLife in halfLives
                      let reading = new Model.Hybrid.HistoryReading { HalfLifeDays = halfLife }
                      select (lambda, reading, Figures: NewItems.Measure(inner, id => IsNew(id, 1), content, als, lambda, reading, 1, workers))).ToArray().MaxBy(c => c.Figures.Both);
        return NewItems.Measure(parts, id => IsNew(id, 0), content, als, choice.lambda, choice.reading, 1, workers, new());
    }
}
