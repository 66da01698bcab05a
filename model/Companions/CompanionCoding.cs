using System.Buffers;
using OrleansRec.Model.Blobs;
using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Popularity;

namespace OrleansRec.Model.Companions;

/// <summary>A companion as bytes: a blob of kind 'C', format 1, with checksum and length as every blob has.</summary>
/// <remarks>
/// In order: version, attempt, items, hash of the ids, users read and their share; the two tables, of each row the count and the steps between ascending neighbours, then all weights as floats; likers; days; the half-life of
/// trending; term weights; the ridge map, where there is one; readings, weights, sigmoid and quality; segments, where there are any. Whole numbers are varints. Reading checks every count against what is left, every index against its range and every
/// number for being finite: what no writer makes is refused with the place and the rule.
/// </remarks>
public static class CompanionCoding
{
    /// <summary>Writes a companion, in pieces of about 64 KB.</summary>
    public static void Write(ModelCompanion companion, IBufferWriter<byte> into)
    {
        ArgumentNullException.ThrowIfNull(companion);
        var blob = new BlobWriter(BlobKind.Companion);
        blob.Varint((ulong)companion.Version);
        blob.Varint((ulong)companion.Attempt);
        blob.Varint((ulong)companion.ItemCount);
        blob.UInt64(companion.ItemsHash);
        blob.Varint((ulong)companion.Read.Users);
        blob.Double(companion.Read.Share);
        WriteTable(blob, companion.Neighbours, into);
        WriteTable(blob, companion.Together, into);
        foreach (int likers in companion.Likers)
            blob.Varint((ulong)likers);
        WriteDays(blob, companion.Days, into);
        blob.Double(companion.TrendingHalfLifeDays);
        WriteTerms(blob, companion.Terms);
        blob.FlushTo(into);
        WriteRidge(blob, companion.Ridge);
        WriteBlend(blob, companion);
        // Absent where there are none, as in a companion of an older product.
        if (companion.Segments.All.Count > 0)
            SegmentCoding.Write(blob, companion.Segments);
        blob.SealTo(into);
    }

    /// <summary>Reads a companion.</summary>
    /// <exception cref="CorruptLogException">It is not what was written.</exception>
    /// <exception cref="NewerLogFormatException">It was written by a newer version.</exception>
    public static ModelCompanion Read(ReadOnlySpan<byte> bytes)
    {
        var blob = new BlobReader(bytes, BlobKind.Companion);
        long version = (long)blob.Varint();
        int attempt = blob.Int32("attempt"), items = blob.Count(3, "items");
        ulong hash = blob.UInt64();
        var read = (blob.Int32("users"), Finite(ref blob, "share of the users"));
        var companion = new ModelCompanion
        {
            Version = version, Attempt = attempt, ItemCount = items, ItemsHash = hash, Read = read,
            Neighbours = ReadTable(ref blob, items), Together = ReadTable(ref blob, items), Likers = ReadCounts(ref blob, items), Days = ReadDays(ref blob, items),
            TrendingHalfLifeDays = Positive(ref blob, "half-life"), Terms = ReadTerms(ref blob), Ridge = ReadRidge(ref blob), Readings = ReadReadings(ref blob),
            Weights = ReadWeights(ref blob), Sigmoid = ReadSigmoid(ref blob), Quality = ReadQuality(ref blob),
            Segments = blob.IsAtEnd ? SegmentRanks.None : SegmentCoding.Read(ref blob, items),
        };
        blob.End();
        return companion;
    }

    private static void WriteTable(BlobWriter blob, NeighbourTable table, IBufferWriter<byte> into)
    {
        blob.Varint((ulong)table.Neighbours.Length);
        for (int row = 0; row < table.RowCount; row++)
        {
            WriteSteps(blob, table.NeighboursOf(row));
            blob.FlushTo(into);
        }
        for (int row = 0; row < table.RowCount; row++)
        {
            blob.Singles(table.WeightsOf(row));
            blob.FlushTo(into);
        }
    }

    private static NeighbourTable ReadTable(ref BlobReader blob, int items)
    {
        int entries = blob.Count(1 + sizeof(float), "neighbours"), at = 0;
        var (starts, neighbours) = (new int[items + 1], new int[entries]);
        for (int row = 0; row < items; row++)
            starts[row + 1] = at = ReadSteps(ref blob, neighbours, at, items, "neighbour");
        Require(ref blob, at == entries, $"{entries} neighbours were said; the rows have {at}");
        float[] weights = blob.Singles(entries);
        Require(ref blob, Array.TrueForAll(weights, float.IsFinite), "a weight is finite");
        return new(starts, neighbours, weights);
    }

    /// <summary>How many there are, the first one, and how far each is from the one before, less one.</summary>
    private static void WriteSteps(BlobWriter blob, ReadOnlySpan<int> ascending)
    {
        blob.Varint((ulong)ascending.Length);
        for (int n = 0; n < ascending.Length; n++)
            blob.Varint((ulong)(n == 0 ? ascending[0] : ascending[n] - ascending[n - 1] - 1));
    }

    private static int ReadSteps(ref BlobReader blob, int[] into, int at, int end, string what)
    {
        int count = blob.Count(1, what);
        if (count > into.Length - at)
            throw new CorruptLogException(blob.Position, $"there are {into.Length} entries; a row has {count} behind entry {at}");
        long last = -1;
        for (int n = 0; n < count; n++)
        {
            last += 1 + (long)blob.Int32(what);
            if (last >= end)
                throw new CorruptLogException(blob.Position, $"a {what} is below {end}; got {last}");
            into[at++] = (int)last;
        }
        return at;
    }

    private static int[] ReadCounts(ref BlobReader blob, int count)
    {
        var counts = new int[count];
        for (int n = 0; n < count; n++)
            counts[n] = blob.Int32("count");
        return counts;
    }

    private static void WriteDays(BlobWriter blob, DailyCounts days, IBufferWriter<byte> into)
    {
        blob.Varint(Varint.ZigZag(days.FirstDay));
        blob.Varint((ulong)days.DayCount);
        blob.Varint((ulong)days.Days.Length);
        for (int item = 0; item < days.ItemCount; item++)
        {
            WriteSteps(blob, days.Days.AsSpan(days.Starts[item]..days.Starts[item + 1]));
            blob.FlushTo(into);
        }
        foreach (int count in days.Counts)
            blob.Varint((ulong)count);
    }

    private static DailyCounts ReadDays(ref BlobReader blob, int items)
    {
        long first = blob.ZigZag();
        int days = blob.Int32("days");
        Require(ref blob, days is >= 1 and <= DailyCounts.DaysMax, $"1 to {DailyCounts.DaysMax} days are counted; got {days}");
        int entries = blob.Count(2, "days of items"), at = 0;
        var (starts, of) = (new int[items + 1], new int[entries]);
        for (int item = 0; item < items; item++)
            starts[item + 1] = at = ReadSteps(ref blob, of, at, days, "day");
        Require(ref blob, at == entries, $"{entries} days of items were said; the items have {at}");
        return new(first, days, starts, of, ReadCounts(ref blob, entries));
    }

    private static void WriteTerms(BlobWriter blob, TermWeights terms)
    {
        var (keys, counts) = terms.Counts(int.MaxValue);
        blob.Varint((ulong)terms.ItemCount);
        FieldWeights f = terms.Fields;
        foreach (double weight in (double[])[f.Title, f.Text, f.Categories, f.Brand, f.Price, f.Attributes, f.TitlePairs])
            blob.Double(weight);
        blob.Varint((ulong)keys.Length);
        blob.UInt64s(keys);
        foreach (int count in counts)
            blob.Varint((ulong)count);
    }

    private static TermWeights ReadTerms(ref BlobReader blob)
    {
        int items = blob.Int32("items of the catalogue");
        var fields = new FieldWeights
        {
            Title = Finite(ref blob, "weight"), Text = Finite(ref blob, "weight"), Categories = Finite(ref blob, "weight"), Brand = Finite(ref blob, "weight"),
            Price = Finite(ref blob, "weight"), Attributes = Finite(ref blob, "weight"), TitlePairs = Finite(ref blob, "weight"),
        };
        ulong[] keys = ReadKeys(ref blob, sizeof(ulong) + 1);
        return TermWeights.From(keys, ReadCounts(ref blob, keys.Length), items, fields);
    }

    private static ulong[] ReadKeys(ref BlobReader blob, int bytesEach)
    {
        ulong[] keys = blob.UInt64s(blob.Count(bytesEach, "tokens"));
        for (int n = 1; n < keys.Length; n++)
            if (keys[n] <= keys[n - 1])
                throw new CorruptLogException(blob.Position, $"tokens ascend; token {n} does not");
        return keys;
    }

    private static void WriteRidge(BlobWriter blob, ContentFactors? ridge)
    {
        blob.Varint((ulong)(ridge?.Width ?? 0));
        if (ridge is null)
            return;
        blob.Varint((ulong)ridge.Tokens.Length);
        blob.UInt64s(ridge.Tokens);
        blob.Singles(ridge.Weights);
    }

    private static ContentFactors? ReadRidge(ref BlobReader blob)
    {
        int width = blob.Int32("width");
        if (width == 0)
            return null;
        Require(ref blob, width <= WidthMax, $"a row has at most {WidthMax} floats; got {width}");
        ulong[] tokens = ReadKeys(ref blob, sizeof(ulong) + sizeof(float) * width);
        float[] weights = blob.Singles(tokens.Length * width);
        Require(ref blob, Array.TrueForAll(weights, float.IsFinite), "a weight is finite");
        return ContentFactors.From(tokens, weights, width);
    }

    private const int WidthMax = 4_096;

    private static void WriteBlend(BlobWriter blob, ModelCompanion companion)
    {
        blob.Varint((ulong)companion.Readings.Count);
        foreach (var (part, reading) in companion.Readings.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            blob.Text(part);
            blob.Double(reading.ValuePower);
            blob.Double(reading.HalfLifeDays);
            blob.Varint((ulong)reading.ItemsMax);
        }
        blob.Byte(companion.Weights.IsScaled ? (byte)1 : (byte)0);
        blob.Double(companion.Weights.Bias);
        blob.Varint((ulong)companion.Weights.Weights.Count);
        foreach (var (part, weight) in companion.Weights.Weights.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            blob.Text(part);
            blob.Double(weight);
        }
        blob.Byte(companion.Sigmoid is null ? (byte)0 : (byte)1);
        if (companion.Sigmoid is { } sigmoid)
        {
            blob.Double(sigmoid.Slope);
            blob.Double(sigmoid.Intercept);
        }
        blob.Byte(companion.Quality is null ? (byte)0 : (byte)1);
        if (companion.Quality is { } quality)
        {
            blob.Varint((ulong)quality.Users);
            blob.Double(quality.Hybrid);
            blob.Double(quality.Factors);
        }
    }

    private static Dictionary<string, HistoryReading> ReadReadings(ref BlobReader blob)
    {
        int count = blob.Count(1 + 2 * sizeof(double) + 1, "readings");
        var readings = new Dictionary<string, HistoryReading>(StringComparer.Ordinal);
        for (int n = 0; n < count; n++)
        {
            string part = blob.Text();
            var reading = new HistoryReading { ValuePower = Finite(ref blob, "power"), HalfLifeDays = Finite(ref blob, "half-life"), ItemsMax = blob.Int32("items") };
            Require(ref blob, readings.TryAdd(part, reading) && reading is { ValuePower: >= 0, HalfLifeDays: >= 0, ItemsMax: >= 1 }, $"part '{part}' has one reading, with numbers in range");
        }
        return readings;
    }

    private static BlendWeights ReadWeights(ref BlobReader blob)
    {
        bool isScaled = blob.Byte() != 0;
        double bias = Finite(ref blob, "bias");
        int count = blob.Count(1 + sizeof(double), "weights");
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int n = 0; n < count; n++)
        {
            string part = blob.Text();
            Require(ref blob, weights.TryAdd(part, Finite(ref blob, "weight")), $"part '{part}' has one weight");
        }
        return new(weights, bias, isScaled);
    }

    private static Sigmoid? ReadSigmoid(ref BlobReader blob) => blob.Byte() == 0 ? null : new(Finite(ref blob, "slope"), Finite(ref blob, "intercept"));

    private static BlendQuality? ReadQuality(ref BlobReader blob) =>
        blob.Byte() == 0 ? null : new(blob.Int32("users"), Finite(ref blob, "NDCG"), Finite(ref blob, "NDCG"));

    private static double Finite(ref BlobReader blob, string what)
    {
        double value = blob.Double();
        Require(ref blob, double.IsFinite(value), $"a {what} is finite; got {value}");
        return value;
    }

    private static double Positive(ref BlobReader blob, string what)
    {
        double value = Finite(ref blob, what);
        Require(ref blob, value > 0, $"a {what} is above 0; got {value}");
        return value;
    }

    private static void Require(ref BlobReader blob, bool holds, string rule)
    {
        if (!holds)
            throw new CorruptLogException(blob.Position, rule);
    }
}
