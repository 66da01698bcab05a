using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>Takes spaces off the edges of ids and counts where it did.</summary>
internal static class IdCleaning
{
    /// <summary>The text without spaces at its edges, unless they are kept.</summary>
    public static string Trimmed(string text, string part, IdLeniency kept, ImportWarnings warnings, long line)
    {
        if (!IdTexts.HasEdgeSpace(text) || kept.HasFlag(IdLeniency.EdgeSpaces))
            return text;
        warnings.Count($"{part}: spaces at the edges taken off (--keep-spaces keeps them)", line);
        return IdTexts.Trim(text).ToString();
    }
}
