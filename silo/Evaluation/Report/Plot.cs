namespace OrleansRec.Silo.Evaluation.Report;

/// <summary>Lines over one pair of axes.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Title">Above the plot.</param>
/// <param name="X">What the horizontal axis counts.</param>
/// <param name="Y">What the vertical axis counts; it begins at 0 unless it is logarithmic.</param>
/// <param name="Lines">The lines, with ascending x.</param>
/// <param name="IsLogX">The horizontal axis is logarithmic.</param>
/// <param name="IsLogY">The vertical axis is logarithmic.</param>
internal sealed record Plot(string Name, string Title, string X, string Y, IReadOnlyList<PlotLine> Lines, bool IsLogX = false, bool IsLogY = false)
{
    public string FileName => Name + ".svg";
}

/// <summary>One line of a plot.</summary>
internal sealed record PlotLine(string Label, IReadOnlyList<(double X, double Y)> Points);
