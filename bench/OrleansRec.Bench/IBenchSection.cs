namespace OrleansRec.Bench;

/// <summary>One part of the program: measures, and hands goals, tables and plots to the run.</summary>
/// <remarks>A new section is one class, in a folder of its own, and one line in <see cref="BenchSections"/>.</remarks>
internal interface IBenchSection
{
    /// <summary>What the command line calls it.</summary>
    string Name { get; }

    /// <summary>The points that its goals belong to; see docs/PERFORMANCE.md.</summary>
    IReadOnlyList<int> Points { get; }

    /// <summary>Measures. With <see cref="BenchRun.IsCheck"/> only what the goals need.</summary>
    Task Measure(BenchRun run);
}
