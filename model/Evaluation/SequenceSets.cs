using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Evaluation;

/// <summary>Sequence models of an evaluation: a user's pairs in the order of their times.</summary>
public static class SequenceSets
{
    /// <summary>The corpus of the training pairs.</summary>
    /// <param name="set">The pairs; see <see cref="SequencePart.ItemsOf"/> for those of one time.</param>
    /// <param name="length">n, the longest window.</param>
    public static SequenceCorpus CorpusOf(OfflineSet set, int length)
    {
        ArgumentNullException.ThrowIfNull(set);
        var rowOf = RowsOf(set.ItemIds);
        var all = new int[set.UserIds.Length][];
        for (int user = 0; user < all.Length; user++)
            all[user] = [.. SequencePart.ItemsOf(set.SignalsOf(user), id => rowOf[id]).TakeLast(length + 2)];
        return SequenceCorpus.Of(set.ItemIds.Length, all, user => set.UserIds[user]);
    }

    /// <summary>A model of the training pairs; the number of epochs is chosen among them.</summary>
    public static SequencePart Train(OfflineSet set, SequenceOptions options, int workers) => PartOf(set, Learn(set, options, workers));

    /// <summary>Its parameters.</summary>
    public static SequenceParameters Learn(OfflineSet set, SequenceOptions options, int workers)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SequenceLearner.Learn(options, CorpusOf(set, options.Length), PartRunners.On(workers)).State.Parameters;
    }

    /// <summary>Parameters as a part over the rows of a set.</summary>
    public static SequencePart PartOf(OfflineSet set, SequenceParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(set);
        var rowOf = RowsOf(set.ItemIds);
        return new(parameters, set.ItemIds, id => rowOf.GetValueOrDefault(id, -1));
    }

    private static Dictionary<string, int> RowsOf(string[] ids)
    {
        var rowOf = new Dictionary<string, int>(ids.Length, StringComparer.Ordinal);
        for (int row = 0; row < ids.Length; row++)
            rowOf.Add(ids[row], row);
        return rowOf;
    }
}
