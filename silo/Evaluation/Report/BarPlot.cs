using System.Globalization;
using System.Xml.Linq;

namespace OrleansRec.Silo.Evaluation.Report;

/// <summary>One bar with the range of its value.</summary>
internal readonly record struct Bar(string Label, double Value, double Low, double High);

/// <summary>Draws bars side by side as SVG, longest text on the left, with a whisker for the range. Readable on light and on dark pages.</summary>
internal static class BarPlot
{
    private const double Width = 720, Left = 150, Right = 80, Top = 40, RowHeight = 26, Bottom = 20;

    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    public static string Draw(string title, IReadOnlyList<Bar> bars)
    {
        double most = Math.Max(1e-9, bars.Max(b => Math.Max(b.Value, b.High))), height = Top + bars.Count * RowHeight + Bottom;
        var drawing = new XElement(svg + "svg",
            new XAttribute("viewBox", Text($"0 0 {Width} {height}")), new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 12),
            new XElement(svg + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", "#ffffff")),
            Words(title, Left, Top - 16, "start", bold: true));
        for (int n = 0; n < bars.Count; n++)
            drawing.Add(Row(bars[n], Top + n * RowHeight, (Width - Left - Right) / most));
        return drawing.ToString();
    }

    private static XElement Row(Bar bar, double y, double scale) => new(svg + "g",
        Words(bar.Label, Left - 8, y + 14, "end"),
        new XElement(svg + "rect", new XAttribute("x", Text($"{Left}")), new XAttribute("y", Text($"{y + 3}")), new XAttribute("width", Text($"{Math.Max(0, bar.Value) * scale:0.#}")),
            new XAttribute("height", Text($"{RowHeight - 10}")), new XAttribute("fill", "#2f7ed8")),
        new XElement(svg + "line", new XAttribute("x1", Text($"{Left + bar.Low * scale:0.#}")), new XAttribute("x2", Text($"{Left + bar.High * scale:0.#}")),
            new XAttribute("y1", Text($"{y + 11}")), new XAttribute("y2", Text($"{y + 11}")), new XAttribute("stroke", "#333333"), new XAttribute("stroke-width", 2)),
        Words(Text($"{bar.Value:0.0000}"), Left + bar.High * scale + 6, y + 15, "start"));

    private static XElement Words(string words, double x, double y, string anchor, bool bold = false) => new(svg + "text",
        new XAttribute("x", Text($"{x:0.#}")), new XAttribute("y", Text($"{y:0.#}")), new XAttribute("text-anchor", anchor), new XAttribute("fill", "#333333"),
        new XAttribute("font-weight", bold ? "bold" : "normal"), words);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
