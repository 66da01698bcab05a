namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>What grains note down, in order, one list of lines for each story. A story is what the key of a grain begins with, up to the slash.</summary>
public sealed class Journal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _stories = [];
    private readonly List<Wait> _waits = [];

    /// <summary>Adds a line "name what" to the story of a grain whose key is "story/name".</summary>
    public void Note(string key, string what)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        List<TaskCompletionSource> reached = [];
        lock (_gate)
        {
            string story = key[..slash];
            if (!_stories.TryGetValue(story, out List<string>? lines))
                _stories[story] = lines = [];
            lines.Add($"{key[(slash + 1)..]} {what}");
            for (int i = _waits.Count - 1; i >= 0; i--)
                if (_waits[i].Story == story && _waits[i].IsReached([.. lines]))
                {
                    reached.Add(_waits[i].Source);
                    _waits.RemoveAt(i);
                }
        }
        foreach (TaskCompletionSource source in reached)
            source.SetResult();
    }

    /// <summary>The lines of a story.</summary>
    public string[] Lines(string story)
    {
        lock (_gate)
            return _stories.TryGetValue(story, out List<string>? lines) ? [.. lines] : [];
    }

    /// <summary>Ends when the lines of a story are so that a condition holds; at once when they are already.</summary>
    public Task Reaches(string story, Func<string[], bool> isReached)
    {
        lock (_gate)
        {
            if (isReached(Lines(story)))
                return Task.CompletedTask;
            // The body of a test goes on where it awaits, never inside the turn that wrote the line.
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add(new(story, isReached, source));
            return source.Task;
        }
    }

    private sealed record Wait(string Story, Func<string[], bool> IsReached, TaskCompletionSource Source);
}
