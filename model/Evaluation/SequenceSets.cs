using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Evaluation;

/// <summary>Sequence models of an evaluation: a user's pairs in the order of their times.</summary>
public static class SequenceSets
{
    /// <summary>The corpus of the training pairs.</summary>
    /// <param name="set">The pairs; those of one time are in the order of their ids, as in <see cref="Hybrid.UserSignals"/>.</param>
    /// <param name="length">n, the longest window.</param>
    public static SequenceCorpus CorpusOf(OfflineSet set, int length)
    {
        ArgumentNullException.ThrowIfNull(set);
        var rowOf = RowsOf(set.ItemIds);
        var all = new int[set.UserIds.Length][];
        for (int user = 0; user < all.Length; user++)
        {
            var items = new List<int>();
            foreach (var past in set.SignalsOf(user).Past)
                if (past.Value > 0)
                    items.Add(rowOf[past.ItemId]);
            all[user] = [.. items.TakeLast(length + 2)];
        }
        return SequenceCorpus.Of(set.ItemIds.Length, all, user => set.UserIds[user]);
    }

    /// <summary>A model of the training pairs; the number of epochs is chosen among them.</summary>
    public static SequencePart Train(OfflineSet set, SequenceOptions options, int workers)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        var (state, _) = SequenceLearner.Learn(options, CorpusOf(set, options.Length), PartRunners.On(workers));
        var rowOf = RowsOf(set.ItemIds);
        return new(state.Parameters, set.ItemIds, id => rowOf.GetValueOrDefault(id, -1));
    }

    private static Dictionary<string, int> RowsOf(string[] ids)
    {
        var rowOf = new Dictionary<string, int>(ids.Length, StringComparer.Ordinal);
        for (int row = 0; row < ids.Length; row++)
            rowOf.Add(ids[row], row);
        return rowOf;
    }
}
