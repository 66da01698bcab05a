using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Evaluation;

/// <summary>The files of one comparison.</summary>
/// <param name="Title">What reports call it.</param>
/// <param name="Train">File to train on.</param>
/// <param name="Test">File to test on; null where the first is split.</param>
/// <param name="Titles">File of titles; null for none.</param>
internal sealed record ReferenceFiles(string Title, string Train, string? Test, string? Titles)
{
    /// <summary>The names that the reference splits have.</summary>
    public static readonly string[] Names = ["online_retail", "retailrocket"];

    /// <summary>The reference splits in a folder: NAME_train.csv.gz and NAME_test.csv.gz, and titles in NAME.csv.gz where that is there.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static IReadOnlyList<ReferenceFiles> In(string folder)
    {
        ReferenceFiles[] found =
        [
            .. Names.Where(name => File.Exists(Path.Combine(folder, $"{name}_train.csv.gz"))).Select(name => new ReferenceFiles(
                name, Path.Combine(folder, $"{name}_train.csv.gz"), Path.Combine(folder, $"{name}_test.csv.gz"),
                Path.Combine(folder, $"{name}.csv.gz") is var titles && File.Exists(titles) ? titles : null)),
        ];
        return found.Length > 0 ? found : throw new BadInputException("reference", folder, $"must hold NAME_train.csv.gz for a NAME of {string.Join(", ", Names)}");
    }

    /// <summary>The files that a caller names.</summary>
    /// <exception cref="BadInputException">One is missing, or would be ignored.</exception>
    public static ReferenceFiles Of(string? train, string? test, string? titles, string? split)
    {
        if (train is null)
            throw new BadInputException("train", "", "must be given");
        if (split is null && test is null)
            throw new BadInputException("test", "", "must be given, or --split");
        if (split is not null && test is not null)
            throw new BadInputException("test", test, "must be absent with --split");
        return new(Path.GetFileName(train), train, test, titles);
    }
}
