using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>How a file is read where it does not say so itself. What is absent is found from the file.</summary>
public sealed record ReadOptions
{
    /// <summary>Nothing is said.</summary>
    public static ReadOptions Default { get; } = new();

    /// <summary>What stands between two fields.</summary>
    public string? Separator { get; init; }

    /// <summary>The encoding of the text.</summary>
    public string? Encoding { get; init; }

    /// <summary>Point or comma.</summary>
    public char DecimalMark { get; init; } = '.';

    /// <summary>A .NET format, or seconds, milliseconds or microseconds.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>Which number of a date is the day.</summary>
    public DayOrder DayOrder { get; init; }

    /// <summary>The zone of times that name none; null is UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What the file's types are called here.</summary>
    public TypeNames Types { get; init; } = TypeNames.None;

    /// <summary>Which lines are read; all of the conditions must hold.</summary>
    public IReadOnlyList<RowCondition> Where { get; init; } = [];

    /// <summary>Columns that stand only on the first line of a group; the first of them tells the group.</summary>
    public IReadOnlyList<string> CarryForward { get; init; } = [];

    /// <summary>Texts that stand for an empty field.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Ids that are taken although they look like a mistake.</summary>
    public IdLeniency Kept { get; init; }

    /// <summary>Which file of a zip archive.</summary>
    public string? Entry { get; init; }

    /// <summary>Whether the name of the file is part of what makes an event itself.</summary>
    public bool KeyByFile { get; init; }
}

/// <summary>What to import and how to read it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">Its layout; null: it is found from the file.</param>
/// <param name="Columns">Which column is what.</param>
/// <param name="Type">The type of lines that have none of their own; null: as the layout says, else interaction.</param>
/// <param name="ListedMax">How many rejected lines to list one by one.</param>
public sealed record ImportPlan(string Path, ImportFormat? Format, ImportColumns Columns, string? Type = null, int ListedMax = 0)
{
    /// <summary>How it is read.</summary>
    public ReadOptions Read { get; init; } = ReadOptions.Default;
}
