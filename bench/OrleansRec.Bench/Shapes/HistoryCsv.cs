using System.Buffers.Text;
using OrleansRec.Model;

namespace OrleansRec.Bench.Shapes;

/// <summary>Writes the interactions of a shape as a shop's file: users come and go in time, one line each, over one year.</summary>
internal static class HistoryCsv
{
    /// <summary>The file's columns, as `rec import --columns` takes them.</summary>
    public const string Columns = "user=user,item=item,type=type,time=time";

    private const int Seed = 2, LineBytesMax = 128;
    private const long StartMs = 1_735_689_600_000, YearMs = 365L * 86_400_000;

    /// <summary>Writes the file. Each user's first events are its pairs, in order; the rest repeat one of them.</summary>
    public static void Write(string path, HistoryShape shape)
    {
        InteractionRows pairs = GeneratedPairs.Of(shape.Pairs).ByUser;
        var random = new Random(Seed);
        int[] visits = Visits(shape, pairs, random);
        var done = new int[shape.Users];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        file.Write("user,item,type,time\n"u8);
        Span<byte> line = stackalloc byte[LineBytesMax];
        for (int n = 0; n < visits.Length; n++)
        {
            int user = visits[n], turn = done[user]++;
            ReadOnlySpan<int> items = pairs.Columns(user);
            int at = turn < items.Length ? turn : random.Next(items.Length);
            int length = 0;
            Put("user-"u8, line, ref length);
            Put(user, line, ref length);
            Put(",item-"u8, line, ref length);
            Put(items[at], line, ref length);
            Put(TypeOf(user, items[at]), line, ref length);
            Put(StartMs + YearMs / shape.Events * n, line, ref length);
            line[length++] = (byte)'\n';
            file.Write(line[..length]);
        }
    }

    /// <summary>The user of each event, in the order of time.</summary>
    private static int[] Visits(HistoryShape shape, InteractionRows pairs, Random random)
    {
        var visits = new int[shape.Events];
        int at = 0;
        for (int user = 0; user < shape.Users; user++)
        {
            int count = pairs.Columns(user).Length;
            visits.AsSpan(at, count).Fill(user);
            at += count;
        }
        while (at < visits.Length)
            visits[at++] = random.Next(shape.Users);
        random.Shuffle(visits);
        return visits;
    }

    /// <summary>Of a pair always the same: views, carts and purchases six to one to one.</summary>
    private static ReadOnlySpan<byte> TypeOf(int user, int item) => (IdHash.Mix(((ulong)user << 32) + (uint)item) & 7) switch { 0 => ",purchase,"u8, 1 => ",cart,"u8, _ => ",view,"u8 };

    private static void Put(ReadOnlySpan<byte> text, Span<byte> line, ref int length)
    {
        text.CopyTo(line[length..]);
        length += text.Length;
    }

    private static void Put(long number, Span<byte> line, ref int length)
    {
        Utf8Formatter.TryFormat(number, line[length..], out int written);
        length += written;
    }
}
