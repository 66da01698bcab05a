namespace OrleansRec.Cli.Import;

/// <summary>The caller's mistake in an option or a file: which field, what it held, what it must be.</summary>
public class BadInputException(string field, string value, string rule, Exception? inner = null)
    : Exception($"{field} '{value}': {rule}", inner)
{
    /// <summary>Which option, setting or part of the file.</summary>
    public string Field { get; } = field;

    /// <summary>What it held.</summary>
    public string Value { get; } = value;

    /// <summary>What it must be.</summary>
    public string Rule { get; } = rule;
}
