namespace OrleansRec.Model.Rules;

/// <summary>What an expression gives.</summary>
public enum RuleType
{
    /// <summary>Decided by the value that a request brings.</summary>
    Any,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A finite number; durations are numbers of seconds.</summary>
    Number,

    /// <summary>A text; compared by code points, as ordinal comparison does.</summary>
    Text,

    /// <summary>A point in time.</summary>
    Time,

    /// <summary>Texts or numbers.</summary>
    List,
}
