using System.Text.Json;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>One instruction of a Dockerfile, continued lines joined.</summary>
internal sealed record ImageStep(string Name, string Rest)
{
    /// <summary>The words of the exec form, <c>["a", "b"]</c>; empty for the shell form.</summary>
    public string[] Words => Rest.StartsWith('[') ? JsonSerializer.Deserialize<string[]>(Rest)! : [];

    /// <summary>Words that are no flags.</summary>
    public string[] Plain => [.. Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => !w.StartsWith("--", StringComparison.Ordinal))];
}

/// <summary>One stage of a Dockerfile.</summary>
internal sealed record ImageStage(string Name, string From, IReadOnlyList<ImageStep> Steps)
{
    public IEnumerable<ImageStep> Of(string instruction) => Steps.Where(s => s.Name == instruction);
}

/// <summary>A Dockerfile as stages.</summary>
internal sealed class ImageRecipe
{
    public ImageRecipe(string text)
    {
        var stages = new List<(string Name, string From, List<ImageStep> Steps)>();
        foreach (ImageStep step in Steps(text))
        {
            if (step.Name == "FROM")
                stages.Add((step.Plain is [_, "AS", var name] ? name : "", step.Plain[0], []));
            else if (stages.Count > 0)
                stages[^1].Steps.Add(step);
        }
        Stages = [.. stages.Select(s => new ImageStage(s.Name, s.From, s.Steps))];
    }

    public IReadOnlyList<ImageStage> Stages { get; }

    /// <summary>A stage and those that it is built on, the last one first; empty where there is no such stage.</summary>
    public IEnumerable<ImageStage> Lineage(string name)
    {
        for (ImageStage? at = Find(name); at is not null; at = Find(at.From))
            yield return at;
    }

    /// <summary>The last instruction of a kind that counts for a stage.</summary>
    public ImageStep? Last(string stage, string instruction) => Lineage(stage).SelectMany(s => s.Of(instruction).Reverse()).FirstOrDefault();

    /// <summary>The environment of a stage.</summary>
    public Dictionary<string, string> Environment(string stage)
    {
        var all = new Dictionary<string, string>();
        foreach (ImageStep step in Lineage(stage).Reverse().SelectMany(s => s.Of("ENV")))
            foreach (string[] pair in step.Plain.Select(w => w.Split('=', 2)))
                all[pair[0]] = pair[1];
        return all;
    }

    private ImageStage? Find(string name) => name == "" ? null : Stages.FirstOrDefault(s => s.Name == name);

    private static IEnumerable<ImageStep> Steps(string text)
    {
        string joined = string.Join('\n', text.Split('\n').Where(l => !l.TrimStart().StartsWith('#'))).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (string line in joined.Split('\n').Select(l => l.Trim()).Where(l => l != ""))
        {
            int end = line.IndexOf(' ', StringComparison.Ordinal);
            yield return new(line[..end], line[(end + 1)..].Trim());
        }
    }
}
