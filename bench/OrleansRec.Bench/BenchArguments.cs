using System.Globalization;

namespace OrleansRec.Bench;

/// <summary>The command line: <c>[section ...] [--only POINT[,POINT]] [--check] [--out FOLDER]</c>, and numbers that single sections read.</summary>
internal sealed class BenchArguments
{
    private static readonly string[] numbers = ["--events", "--posts", "--rounds", "--rank", "--users", "--items"];

    private readonly Dictionary<string, int> _given = [];
    private readonly HashSet<string> _sections = [];
    private readonly HashSet<int> _points = [];

    public bool IsCheck { get; private init; }

    /// <summary>The command as it was given.</summary>
    public string Command { get; private init; } = "";

    /// <summary>Where the table and the plots go.</summary>
    public string Out { get; private init; } = Path.Combine("artifacts", "bench");

    /// <exception cref="ArgumentException">Something is not understood; the message says what.</exception>
    public static BenchArguments Read(string[] arguments)
    {
        var words = new Queue<string>(arguments);
        var read = new BenchArguments { Command = string.Join(' ', ["./rec bench", .. arguments]) };
        while (words.TryDequeue(out string? word))
            read = read.Take(word, words);
        return read;
    }

    /// <summary>The number behind a name such as <c>--events</c>, or <paramref name="otherwise"/> where it is not given.</summary>
    public int Number(string name, int otherwise) => _given.GetValueOrDefault(name, otherwise);

    /// <summary>Whether a section was asked for: by name, by a point of its goals, or because nothing was named.</summary>
    public bool Asks(IBenchSection section) =>
        _sections.Contains(section.Name) || section.Points.Any(_points.Contains)
        || (_sections.Count == 0 && _points.Count == 0 && (!IsCheck || section.Points.Count > 0));

    private BenchArguments Take(string word, Queue<string> rest)
    {
        if (word == "--check")
            return new(this) { IsCheck = true };
        if (word == "--out")
            return new(this) { Out = Next(word, rest, "a folder") };
        if (word == "--only")
            _points.UnionWith(Next(word, rest, "point numbers, such as 3 or 3,5").Split(',').Select(text => Whole(word, text)));
        else if (numbers.Contains(word))
            _given[word] = Whole(word, Next(word, rest, "a number"));
        else if (BenchSections.All.Any(s => s.Name == word))
            _sections.Add(word);
        else
            throw new ArgumentException($"bench '{word}': must be a section ({string.Join(", ", BenchSections.All.Select(s => s.Name))}), --only, --check, --out, {string.Join(", ", numbers)}");
        return this;
    }

    private BenchArguments()
    {
    }

    private BenchArguments(BenchArguments before) =>
        (_given, _sections, _points, IsCheck, Command, Out) = (before._given, before._sections, before._points, before.IsCheck, before.Command, before.Out);

    private static string Next(string name, Queue<string> rest, string what) =>
        rest.TryDequeue(out string? value) ? value : throw new ArgumentException($"bench {name}: needs {what}");

    private static int Whole(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : throw new ArgumentException($"bench {name} '{text}': must be a whole number");
}
