using OrleansRec.Model.Evaluation;
using OrleansRec.Silo.Evaluation;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Evaluation;

/// <summary>A journal gives back what was written, survives a cut-off last line, and refuses another search.</summary>
public sealed class TrialJournalTests : IDisposable
{
    private static readonly Trial[] trials = [new(0, "rank 64", 0.125), new(1, "rank 32, λ 0.1", 1 / 3.0)];

    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "trials.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write()
    {
        var journal = TrialJournal.Open(Path, "this search");
        Assert.Empty(journal.Trials);
        foreach (var trial in trials)
            journal.Append(trial);
    }

    [Fact]
    public void Open_Again_HasEveryTrialToTheLastBit()
    {
        Write();
        Assert.Equal(trials, TrialJournal.Open(Path, "this search").Trials);
    }

    [Theory, InlineData(1), InlineData(10), InlineData(30)]
    public void Open_LastLineCutOff_DropsItAndGoesOn(int bytes)
    {
        Write();
        using (var file = new FileStream(Path, FileMode.Open))
            file.SetLength(file.Length - bytes);
        var journal = TrialJournal.Open(Path, "this search");
        Assert.Equal(trials[..1], journal.Trials);
        journal.Append(trials[1]);
        Assert.Equal(trials, TrialJournal.Open(Path, "this search").Trials);
    }

    [Fact]
    public void Open_OfAnotherSearchOrNoJournal_IsRefused()
    {
        Write();
        Assert.Contains("this search", Assert.Throws<BadInputException>(() => TrialJournal.Open(Path, "another")).Message);
        File.WriteAllText(Path, "user,item\n1,2\n");
        Assert.Throws<BadInputException>(() => TrialJournal.Open(Path, "this search"));
        File.WriteAllText(Path, "{\"search\":\"this search\"}\n{\"rung\":\"x\"}\n");
        Assert.Contains("line 2", Assert.Throws<BadInputException>(() => TrialJournal.Open(Path, "this search")).Message);
    }
}
