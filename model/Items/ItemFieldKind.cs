namespace OrleansRec.Model.Items;

/// <summary>What a column of items holds.</summary>
public enum ItemFieldKind
{
    /// <summary>A finite number.</summary>
    Number,

    /// <summary>A point in time, in milliseconds since 1970-01-01 UTC.</summary>
    Time,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A text that few items share, such as a title.</summary>
    Text,

    /// <summary>A text that many items share, such as a brand; kept once in a dictionary.</summary>
    Label,

    /// <summary>Several labels, such as tags.</summary>
    Labels,

    /// <summary>Several paths, such as "Home &gt; Garden"; a path also counts as each of its ancestors.</summary>
    Paths,
}
