using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>What is wrong with a command line that does not fit the command tree. The parser's own messages name .NET types; these name what a caller knows.</summary>
internal static class Usage
{
    /// <summary>The first mistake, with field, value and rule.</summary>
    public static BadInputException Mistake(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return new(CommandOf(parsed), unknown, unknown.StartsWith('-') ? "must be an option of this command" : "must be a command or an argument that it takes");
        ParseError error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult option => new(option.Option.Name.TrimStart('-'), ValueOf(option), RuleOf(option.Option.ValueType, option, error)),
            ArgumentResult argument => new(argument.Argument.Name, ValueOf(argument), RuleOf(argument.Argument.ValueType, argument, error)),
            _ => new(CommandOf(parsed), "", error.Message.TrimEnd('.')),
        };
    }

    /// <summary>The command's words, each with a space after it, without the program's own name.</summary>
    public static string Path(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
            path = $"{command.Command.Name} {path}";
        return path;
    }

    private static string CommandOf(ParseResult parsed) => Path(parsed) is [_, ..] path ? path.TrimEnd() : "command";

    private static string ValueOf(SymbolResult given) => string.Join(' ', given.Tokens.Select(t => t.Value));

    private static string RuleOf(Type type, SymbolResult given, ParseError error) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        _ when given.Tokens.Count == 0 => "must be given",
        _ when given.Tokens.Count > 1 => "must be given once",
        var t when t == typeof(int) || t == typeof(long) => "must be a whole number",
        var t when t == typeof(double) => "must be a number",
        _ => error.Message.TrimEnd('.'),
    };
}
