using System.IO.Compression;
using System.Text;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>Makes the n-th file of a seed: a small good file of some layout with odd fields, most of them broken, some gzipped before or after.</summary>
internal sealed class FuzzedFiles(int seed)
{
    private static readonly ImportFormat[] Formats = [ImportFormat.Csv, ImportFormat.Tsv, ImportFormat.JsonLines, ImportFormat.MovieLens, ImportFormat.OnlineRetail];

    public (ImportFormat Format, byte[] Content) this[int index]
    {
        get
        {
            var dice = new Random(unchecked(seed * 7919 + index));
            ImportFormat format = Formats[dice.Next(Formats.Length)];
            byte[] content = Encoding.UTF8.GetBytes(Text(dice, format));
            int zipped = dice.Next(6);
            if (zipped == 0)
                content = Gzip(content);
            if (dice.Next(4) > 0)
                content = ByteMutation.Apply(dice, content);
            if (zipped == 1)
                content = Gzip(content);
            // Now and then a file of another layout.
            return (dice.Next(20) == 0 ? Formats[dice.Next(Formats.Length)] : format, content);
        }
    }

    private static string Text(Random dice, ImportFormat format)
    {
        string end = dice.Next(4) == 0 ? "\r\n" : "\n";
        var text = new StringBuilder();
        string header = format switch
        {
            ImportFormat.Csv => "user,item,type,value,time,session",
            ImportFormat.Tsv => "user\titem\ttype\tvalue\ttime\tsession",
            ImportFormat.OnlineRetail => "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            ImportFormat.MovieLens when dice.Next(2) == 0 => "userId,movieId,rating,timestamp",
            _ => "",
        };
        if (header.Length > 0 && dice.Next(15) > 0)
            text.Append(header).Append(end);
        for (int lines = dice.Next(30); lines > 0; lines--)
            text.Append(Line(dice, format)).Append(lines == 1 && dice.Next(3) == 0 ? "" : end);
        return text.ToString();
    }

    private static string Line(Random dice, ImportFormat format) => format switch
    {
        ImportFormat.Csv => string.Join(',', Field(dice, OddText.Id(dice)), Field(dice, OddText.Id(dice)), OddText.EventType(dice), Number(dice), Time(dice), "s"),
        ImportFormat.Tsv => string.Join('\t', OddText.Id(dice), OddText.Id(dice), OddText.EventType(dice), Number(dice), Time(dice), "s"),
        ImportFormat.JsonLines => $"{{\"userId\":\"{OddText.Id(dice)}\",\"itemId\":{(dice.Next(4) == 0 ? dice.Next(99).ToString() : $"\"{OddText.Id(dice)}\"")},\"type\":\"{OddText.EventType(dice)}\",\"value\":{Number(dice)}}}",
        ImportFormat.MovieLens => string.Join(dice.Next(2) == 0 ? "::" : dice.Next(2) == 0 ? "\t" : ",", dice.Next(50), dice.Next(50), Number(dice), Time(dice)),
        _ => string.Join(',', dice.Next(5) == 0 ? "C5" : $"{dice.Next(9)}", Field(dice, OddText.Id(dice)), Field(dice, OddText.Any(dice)), Number(dice), "2010-12-01 08:26:00", Number(dice), dice.Next(4) == 0 ? "" : $"{dice.Next(50)}.0", "UK"),
    };

    private static string Field(Random dice, string text) => dice.Next(3) > 0 ? $"\"{text.Replace("\"", "\"\"")}\"" : text;

    private static string Number(Random dice) => dice.Next(4) == 0 ? OddText.Any(dice) : $"{dice.Next(1, 6)}";

    private static string Time(Random dice) => dice.Next(4) == 0 ? OddText.Any(dice) : $"{1_500_000_000 + dice.Next(100_000_000)}";

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }
}
