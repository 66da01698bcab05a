using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace OrleansRec.Silo.Evaluation.Report;

/// <summary>Draws a plot as SVG: grid, axes, lines with dots, a legend. Readable on light and on dark pages.</summary>
internal static class SvgPlot
{
    private const double Width = 720, Height = 400, Left = 80, Right = 170, Top = 40, Bottom = 56;

    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";
    private static readonly string[] colours = ["#2f7ed8", "#d9822b", "#3a9d5d", "#c23b52", "#8560c5", "#7a7a7a"];

    public static string Draw(Plot plot)
    {
        var points = plot.Lines.SelectMany(l => l.Points).ToArray();
        var x = new PlotAxis(points.Select(p => p.X), plot.IsLogX, fromZero: false);
        var y = new PlotAxis(points.Select(p => p.Y), plot.IsLogY, fromZero: true);
        var drawing = new XElement(svg + "svg",
            new XAttribute("viewBox", Text($"0 0 {Width} {Height}")), new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 12),
            new XElement(svg + "rect", Attributes(("width", "100%"), ("height", "100%"), ("fill", "#ffffff"))),
            Words(plot.Title, Left, Top - 16, "start", bold: true),
            Words(plot.X, Left + (Width - Left - Right) / 2, Height - 14, "middle"),
            new XElement(svg + "g", new XAttribute("transform", Text($"translate(16 {Top + (Height - Top - Bottom) / 2}) rotate(-90)")), Words(plot.Y, 0, 0, "middle")));
        foreach (double mark in x.Marks)
            drawing.Add(Rule(AcrossOf(x, mark), Top, AcrossOf(x, mark), Height - Bottom), Words(PlotAxis.Label(mark), AcrossOf(x, mark), Height - Bottom + 18, "middle"));
        foreach (double mark in y.Marks)
            drawing.Add(Rule(Left, UpOf(y, mark), Width - Right, UpOf(y, mark)), Words(PlotAxis.Label(mark), Left - 8, UpOf(y, mark) + 4, "end"));
        for (int n = 0; n < plot.Lines.Count; n++)
            drawing.Add(Line(plot.Lines[n], n, x, y));
        return drawing.ToString();
    }

    private static XElement Line(PlotLine line, int number, PlotAxis x, PlotAxis y)
    {
        string colour = colours[number % colours.Length];
        var path = new StringBuilder();
        var group = new XElement(svg + "g", Attributes(("stroke", colour), ("fill", colour)));
        foreach (var (px, py) in line.Points)
        {
            path.Append(Text($"{AcrossOf(x, px):0.#},{UpOf(y, py):0.#} "));
            group.Add(new XElement(svg + "circle", Attributes(("cx", Text($"{AcrossOf(x, px):0.#}")), ("cy", Text($"{UpOf(y, py):0.#}")), ("r", "3"))));
        }
        double legend = Top + 12 + number * 18;
        group.Add(
            new XElement(svg + "polyline", Attributes(("points", path.ToString().TrimEnd()), ("fill", "none"), ("stroke-width", "2"))),
            new XElement(svg + "circle", Attributes(("cx", Text($"{Width - Right + 18}")), ("cy", Text($"{legend - 4}")), ("r", "5"))),
            Words(line.Label, Width - Right + 30, legend, "start"));
        return group;
    }

    private static double AcrossOf(PlotAxis axis, double value) => Left + axis.Place(value) * (Width - Left - Right);

    private static double UpOf(PlotAxis axis, double value) => Height - Bottom - axis.Place(value) * (Height - Top - Bottom);

    private static XElement Rule(double x1, double y1, double x2, double y2) => new(svg + "line",
        Attributes(("x1", Text($"{x1:0.#}")), ("y1", Text($"{y1:0.#}")), ("x2", Text($"{x2:0.#}")), ("y2", Text($"{y2:0.#}")), ("stroke", "#dddddd")));

    private static XElement Words(string words, double x, double y, string anchor, bool bold = false) => new(svg + "text",
        Attributes(("x", Text($"{x:0.#}")), ("y", Text($"{y:0.#}")), ("text-anchor", anchor), ("fill", "#333333"), ("stroke", "none"), ("font-weight", bold ? "bold" : "normal")), words);

    private static XAttribute[] Attributes(params (string Name, string Value)[] attributes) => Array.ConvertAll(attributes, a => new XAttribute(a.Name, a.Value));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
