using System.Text.RegularExpressions;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>Holds what a page tells operators to type and to watch against the code: commands, settings, measures, health paths.</summary>
internal static partial class DocumentCheck
{
    /// <summary>Words of the script itself, not of the program.</summary>
    private static readonly string[] scriptCommands = ["test", "bench", "engine"];

    private static readonly string[] sourceFolders = ["silo", "grains", "client"];

    public static IEnumerable<string> Of(string file, string text, string root, IReadOnlySet<string> openPaths)
    {
        IEnumerable<string> all = [.. OfCommands(text), .. OfSettings(text), .. OfMeasures(text, root), .. OfPaths(text, openPaths)];
        return all.Distinct().Select(f => $"{file}: {f}");
    }

    private static IEnumerable<string> OfCommands(string text)
    {
        foreach (Match command in Command().Matches(text))
        {
            // What stands apart is a remark; a command that is only named, without options, need not be whole.
            string given = command.Groups["words"].Value.Split("  ")[0];
            bool isNamed = command.Value.StartsWith('`') && !given.Contains("--", StringComparison.Ordinal);
            string[] words = [.. given.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(w => w[0] != '#' && w is not ("..." or ">" or "&"))];
            // A word in capitals stands for what the reader puts there.
            if (words.Length > 0 && words[0][0] != '<' && !scriptCommands.Contains(words[0]))
                foreach (string finding in ContainerCheck.OfCommand(words.Select(w => Placeholder().IsMatch(w) ? "1" : w)))
                    if (!(isNamed && finding.EndsWith("must be given", StringComparison.Ordinal)))
                        yield return finding;
        }
    }

    private static IEnumerable<string> OfSettings(string text) =>
        Setting().Matches(text).Select(m => Settings.Fault(m.Groups["name"].Value, null)).OfType<string>();

    private static IEnumerable<string> OfMeasures(string text, string root)
    {
        string[] sources = [.. sourceFolders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(root, f), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText)];
        return Measure().Matches(text).Select(m => m.Value.TrimEnd('.')).Distinct()
            .Where(name => !sources.Any(s => s.Contains($"\"{name}\"", StringComparison.Ordinal))).Select(name => $"{name}: is no measure");
    }

    private static IEnumerable<string> OfPaths(string text, IReadOnlySet<string> openPaths) =>
        HealthPath().Matches(text).Select(m => m.Value).Where(p => !openPaths.Contains(p)).Select(p => $"{p}: is no route that answers without a key");

    // In backquotes, or a line of its own that is indented as code or is a step of a shell.
    [GeneratedRegex(@"(?:`|^ {4,}|\| )(?:[A-Z]\w+=\S+ )*\./rec (?<words>[^`\n|]+)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("^[A-Z]+$")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<![\w:])(?<name>[A-Z][A-Za-z]+(?:__[A-Z]\w*?)+(?=\W|$|_)|(?<=`)[A-Z][A-Za-z]+(?::[A-Z][A-Za-z]+)+)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\borleansrec(\.[a-z]+)+")]
    private static partial Regex Measure();

    [GeneratedRegex(@"/health/[a-z]+")]
    private static partial Regex HealthPath();
}
