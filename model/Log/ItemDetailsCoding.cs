using OrleansRec.Model.Items;

namespace OrleansRec.Model.Blobs;

/// <summary>The details of a catalogue record in a blob: flags of what is there, then that in the order of the flags, then tags and vectors with their counts.</summary>
internal static class ItemDetailsCoding
{
    private const int HasBrand = 1, HasRating = 2, HasGroup = 4, HasFrom = 8, HasUntil = 16, HasText = 32, HasUrl = 64, HasImage = 128;

    public static void Write(BlobWriter blob, TextDictionary labels, LoggedDetails details)
    {
        blob.Byte((byte)details.Kind);
        blob.Byte((byte)FlagsOf(details));
        if (details.Brand is { } brand)
            labels.Write(blob, brand);
        if (details.Rating is { } rating)
            blob.Double(rating);
        WriteText(blob, details.Group);
        if (details.FromMs is { } from)
            blob.Varint(Varint.ZigZag(from));
        if (details.UntilMs is { } until)
            blob.Varint(Varint.ZigZag(until));
        WriteText(blob, details.Text);
        WriteText(blob, details.Url);
        WriteText(blob, details.ImageUrl);
        blob.Varint((ulong)details.Tags.Length);
        foreach (string tag in details.Tags)
            labels.Write(blob, tag);
        WriteVectors(blob, labels, details.Vectors);
    }

    public static LoggedDetails Read(ref BlobReader blob, List<string> labels)
    {
        var kind = (ItemKind)blob.Byte();
        if (kind > ItemKind.Content)
            throw new CorruptLogException(blob.Position, $"the kind of an item is 0 to {(int)ItemKind.Content}; got {(int)kind}");
        int flags = blob.Byte();
        string? brand = (flags & HasBrand) != 0 ? TextDictionary.Read(ref blob, labels) : null;
        double? rating = (flags & HasRating) != 0 ? blob.Double() : null;
        string? group = (flags & HasGroup) != 0 ? blob.Text() : null;
        long? from = (flags & HasFrom) != 0 ? blob.ZigZag() : null, until = (flags & HasUntil) != 0 ? blob.ZigZag() : null;
        string? text = (flags & HasText) != 0 ? blob.Text() : null;
        string? url = (flags & HasUrl) != 0 ? blob.Text() : null, image = (flags & HasImage) != 0 ? blob.Text() : null;
        var tags = new string[blob.Count(1, "tags")];
        for (int i = 0; i < tags.Length; i++)
            tags[i] = TextDictionary.Read(ref blob, labels);
        return new(kind, brand, rating, tags, group, from, until, text, url, image, ReadVectors(ref blob, labels));
    }

    private static int FlagsOf(LoggedDetails details) =>
        (details.Brand is null ? 0 : HasBrand) | (details.Rating is null ? 0 : HasRating) | (details.Group is null ? 0 : HasGroup)
        | (details.FromMs is null ? 0 : HasFrom) | (details.UntilMs is null ? 0 : HasUntil) | (details.Text is null ? 0 : HasText)
        | (details.Url is null ? 0 : HasUrl) | (details.ImageUrl is null ? 0 : HasImage);

    private static void WriteText(BlobWriter blob, string? text)
    {
        if (text is not null)
            blob.Text(text);
    }

    private static void WriteVectors(BlobWriter blob, TextDictionary labels, LoggedVector[] vectors)
    {
        blob.Varint((ulong)vectors.Length);
        foreach (LoggedVector vector in vectors)
        {
            labels.Write(blob, vector.Name);
            blob.Varint((ulong)vector.Values.Length);
            blob.Singles(vector.Values);
        }
    }

    private static LoggedVector[] ReadVectors(ref BlobReader blob, List<string> labels)
    {
        var vectors = new LoggedVector[blob.Count(2, "vectors")];
        for (int i = 0; i < vectors.Length; i++)
            vectors[i] = new(TextDictionary.Read(ref blob, labels), blob.Singles(blob.Count(sizeof(float), "numbers of a vector")));
        return vectors;
    }
}
